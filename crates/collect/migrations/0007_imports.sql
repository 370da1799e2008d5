-- Imports of files. The file itself lies in the data folder under its id.
CREATE TABLE imports (
    import_id   UUID PRIMARY KEY,
    kind        TEXT NOT NULL,
    file_name   TEXT NOT NULL,
    size_bytes  BIGINT NOT NULL,
    state       TEXT NOT NULL,
    mapping     TEXT,
    options     TEXT,
    job_id      UUID,
    runs        BIGINT NOT NULL,
    lines       BIGINT,
    last_line   BIGINT,
    classes     TEXT,
    effect      TEXT,
    error       TEXT,
    journal_end BIGINT,
    created_at  BIGINT NOT NULL,
    started_at  BIGINT,
    finished_at BIGINT
);
CREATE INDEX imports_created ON imports (created_at, import_id);
-- Lines that were not taken, the first of each import, as they stood in the file.
CREATE TABLE import_problems (
    import_id   UUID NOT NULL,
    line        BIGINT NOT NULL,
    code        TEXT NOT NULL,
    sentence_ja TEXT NOT NULL,
    sentence_en TEXT NOT NULL,
    raw         TEXT NOT NULL,
    PRIMARY KEY (import_id, line)
);
