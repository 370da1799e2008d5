-- Tables of short rows that every event writes to, in the order of their key: half of the writing on SQLite. Old ids of
-- messages are cleared away range by range of the key, so no index of the time is kept.
ALTER TABLE identifiers RENAME TO identifiers_before;
DROP INDEX identifiers_by_customer;
CREATE TABLE identifiers (
    identifier TEXT PRIMARY KEY,
    customer   BIGINT,
    seen_at    BIGINT NOT NULL,
    linked_at  BIGINT,
    linked_by  TEXT
) CLUSTERED;
INSERT INTO identifiers (identifier, customer, seen_at, linked_at, linked_by)
    SELECT identifier, customer, seen_at, linked_at, linked_by FROM identifiers_before;
DROP TABLE identifiers_before;
CREATE INDEX identifiers_by_customer ON identifiers (customer);

ALTER TABLE search_tokens RENAME TO search_tokens_before;
DROP INDEX search_tokens_by_customer;
CREATE TABLE search_tokens (
    token    BINARY_TEXT NOT NULL,
    customer BIGINT NOT NULL,
    PRIMARY KEY (token, customer)
) CLUSTERED;
INSERT INTO search_tokens (token, customer) SELECT token, customer FROM search_tokens_before;
DROP TABLE search_tokens_before;
CREATE INDEX search_tokens_by_customer ON search_tokens (customer);

ALTER TABLE recent_events RENAME TO recent_events_before;
CREATE TABLE recent_events (
    customer    BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    event_id    UUID NOT NULL,
    kind        TEXT NOT NULL,
    title       TEXT NOT NULL,
    campaign_id UUID,
    is_simulated BOOLEAN NOT NULL,
    PRIMARY KEY (customer, occurred_at, event_id)
) CLUSTERED;
INSERT INTO recent_events (customer, occurred_at, event_id, kind, title, campaign_id, is_simulated)
    SELECT customer, occurred_at, event_id, kind, title, campaign_id, is_simulated FROM recent_events_before;
DROP TABLE recent_events_before;

ALTER TABLE seen_messages RENAME TO seen_messages_before;
DROP INDEX seen_messages_by_time;
CREATE TABLE seen_messages (
    message UUID PRIMARY KEY,
    seen_at BIGINT NOT NULL
) CLUSTERED;
INSERT INTO seen_messages (message, seen_at) SELECT message, seen_at FROM seen_messages_before;
DROP TABLE seen_messages_before;
