-- What is sent by one campaign (`sending_id` is the campaign's id), and whether it may be sent now.
CREATE TABLE sendings (
    sending_id   UUID PRIMARY KEY,
    name         TEXT NOT NULL,
    state        TEXT NOT NULL,
    is_open      BOOLEAN NOT NULL,
    is_simulated BOOLEAN NOT NULL,
    opened_at    BIGINT NOT NULL
);
CREATE INDEX sendings_open ON sendings (sending_id) WHERE is_open;

-- What a mail says, as it was when the sending began, with the targets of its links in the order of their indexes.
CREATE TABLE contents (
    content_id UUID PRIMARY KEY,
    content    TEXT NOT NULL,
    links      TEXT NOT NULL
);

-- One message to one person. `sent_at` and `changed_at` go by the shop's clock; `due_at`, `lease_until` and
-- `settled_at` by the clock on the wall.
CREATE TABLE messages (
    message_id  UUID PRIMARY KEY,
    sending_id  UUID NOT NULL,
    customer    BIGINT NOT NULL,
    state       TEXT NOT NULL,
    reason      TEXT,
    address     TEXT,
    attempts    BIGINT NOT NULL,
    due_at      BIGINT NOT NULL,
    claim_id    UUID,
    lease_until BIGINT NOT NULL,
    sent_at     BIGINT,
    changed_at  BIGINT NOT NULL,
    settled_at  BIGINT
);
CREATE INDEX messages_by_sending ON messages (sending_id, state, customer);
CREATE INDEX messages_by_person ON messages (sending_id, customer);
CREATE INDEX messages_by_customer ON messages (customer, sent_at);
CREATE INDEX messages_waiting ON messages (sending_id, due_at, message_id) WHERE state = 'queued';
CREATE INDEX messages_settled ON messages (sending_id, settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX messages_leased ON messages (lease_until) WHERE state IN ('claimed', 'handed');

-- Mails that were kept instead of sent: compressed JSON of subject, html, text and headers.
CREATE TABLE captured_messages (
    message_id UUID PRIMARY KEY,
    content    BYTEA NOT NULL
);
