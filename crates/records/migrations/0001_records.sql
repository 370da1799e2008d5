-- Events to be relayed to the journal, written in the commit of the change that they tell of.
CREATE TABLE outbox (
    event_id   UUID PRIMARY KEY,
    event      TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX outbox_by_time ON outbox (created_at, event_id);

-- Who changed what, when. Rows are only ever added.
CREATE TABLE audit_log (
    audit_id   UUID PRIMARY KEY,
    at         BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor      TEXT NOT NULL,
    action     TEXT NOT NULL,
    object     TEXT NOT NULL,
    detail     TEXT NOT NULL
);
CREATE INDEX audit_log_by_time ON audit_log (at, audit_id);

-- Settings of the installation and positions of its stages: one row a name.
CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
