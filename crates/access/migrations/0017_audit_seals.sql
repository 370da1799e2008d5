-- Seals of the audit log: each covers the rows since the one before, up to and with (last_at, last_id). `hash` is the
-- SHA-256 of the hash before and of these rows, so that no row can be changed, taken out or put in unseen.
CREATE TABLE audit_seals (
    number    BIGINT PRIMARY KEY,
    sealed_at BIGINT NOT NULL,
    last_at   BIGINT NOT NULL,
    last_id   UUID NOT NULL,
    row_count BIGINT NOT NULL,
    hash      BYTEA NOT NULL
);
