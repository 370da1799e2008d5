-- Who said it: `origin` is an import's id, and empty for everybody else. What an import said can be taken back.
ALTER TABLE source_records RENAME TO source_records_before;
CREATE TABLE source_records (
    source    TEXT NOT NULL,
    key       TEXT NOT NULL,
    origin    TEXT NOT NULL,
    customer  BIGINT NOT NULL,
    facts     TEXT NOT NULL,
    stated_at BIGINT NOT NULL,
    PRIMARY KEY (source, key, origin)
);
INSERT INTO source_records (source, key, origin, customer, facts, stated_at)
    SELECT source, key, '', customer, facts, stated_at FROM source_records_before;
DROP TABLE source_records_before;
CREATE INDEX source_records_by_customer ON source_records (customer);

-- Every word on consent, one of each origin; `consents` holds the one that counts.
CREATE TABLE consent_words (
    customer  BIGINT NOT NULL,
    channel   TEXT NOT NULL,
    origin    TEXT NOT NULL,
    state     TEXT NOT NULL,
    basis     TEXT NOT NULL,
    stated_at BIGINT NOT NULL,
    PRIMARY KEY (customer, channel, origin)
);
INSERT INTO consent_words (customer, channel, origin, state, basis, stated_at)
    SELECT customer, channel, '', state, basis, stated_at FROM consents;

-- An order that one origin told is kept whole in `orders`; one that several told is kept apart here as well.
ALTER TABLE orders ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN origins BIGINT NOT NULL DEFAULT 1;
ALTER TABLE orders ADD COLUMN stated_at BIGINT NOT NULL DEFAULT 0;
UPDATE orders SET stated_at = version;
CREATE TABLE order_statements (
    order_id     UUID NOT NULL,
    origin       TEXT NOT NULL,
    stated_at    BIGINT NOT NULL,
    kind         TEXT NOT NULL,
    customer     BIGINT,
    ordered_at   BIGINT NOT NULL,
    currency     TEXT NOT NULL,
    rate         TEXT,
    is_simulated BOOLEAN NOT NULL,
    lines        TEXT NOT NULL,
    PRIMARY KEY (order_id, origin)
);
CREATE INDEX order_statements_by_customer ON order_statements (customer);
-- The last version of orders that nobody tells any more: should one come back, the history must tell it from that.
CREATE TABLE withdrawn_orders (
    order_id UUID PRIMARY KEY,
    version  BIGINT NOT NULL
);

-- Whether all that is known of a person came from files. When those are taken back, the person is hidden: the row
-- redirects to itself, and stays so that neither the number nor a word of the person's own goes to anybody else.
ALTER TABLE customers ADD COLUMN is_of_imports BOOLEAN NOT NULL DEFAULT FALSE;
