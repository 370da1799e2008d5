-- Background work: one row a job, kept for a while after its end.
CREATE TABLE jobs (
    job_id              UUID PRIMARY KEY,
    kind                TEXT NOT NULL,
    unique_key          TEXT,
    input               TEXT NOT NULL,
    state               TEXT NOT NULL,
    done                BIGINT NOT NULL,
    furthest            BIGINT NOT NULL,
    total               BIGINT,
    note                TEXT NOT NULL,
    error               TEXT,
    hint                TEXT,
    result              TEXT,
    lease               UUID,
    lease_until         BIGINT,
    run_at              BIGINT NOT NULL,
    attempts            BIGINT NOT NULL,
    is_cancel_requested BOOLEAN NOT NULL,
    created_at          BIGINT NOT NULL,
    finished_at         BIGINT
);
CREATE INDEX jobs_open ON jobs (run_at) WHERE state IN ('queued', 'running');
CREATE UNIQUE INDEX jobs_open_unique ON jobs (kind, unique_key) WHERE unique_key IS NOT NULL AND state IN ('queued', 'running');
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;
