-- Saved segments. The tree keeps its meaning for ever.
CREATE TABLE segments (
    segment_id UUID PRIMARY KEY,
    name       TEXT NOT NULL,
    tree       TEXT NOT NULL,
    version    BIGINT NOT NULL,
    people     BIGINT,
    counted_at BIGINT,
    updated_at BIGINT NOT NULL
);
