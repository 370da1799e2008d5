-- One row a person. `customer` is the dense number that bitmaps and the history use; `customer_id` is what the world sees.
CREATE TABLE customers (
    customer     BIGINT PRIMARY KEY,
    customer_id  UUID NOT NULL UNIQUE,
    redirect_to  BIGINT,
    created_at   BIGINT NOT NULL,
    number       TEXT,
    family_name  TEXT,
    given_name   TEXT,
    family_kana  TEXT,
    given_kana   TEXT,
    company      TEXT,
    sort_kana    BINARY_TEXT NOT NULL,
    email        TEXT,
    email_problem TEXT,
    phone        TEXT,
    sex          TEXT,
    birth_year   BIGINT,
    birth_month  BIGINT,
    birth_day    BIGINT,
    postal_code  TEXT,
    prefecture   BIGINT,
    city         TEXT,
    street       TEXT,
    joined_day   BIGINT
);
CREATE INDEX customers_by_kana ON customers (sort_kana, customer);
CREATE INDEX customers_by_email ON customers (email);

-- What a person is worth so far, in the reporting currency. Refunds lower `sales`, never `orders`.
CREATE TABLE customer_values (
    customer        BIGINT PRIMARY KEY,
    orders          BIGINT NOT NULL,
    sales           BIGINT NOT NULL,
    refunds         BIGINT NOT NULL,
    refund_count    BIGINT NOT NULL,
    first_order_day BIGINT,
    last_order_day  BIGINT NOT NULL
);
CREATE INDEX customer_values_by_last_order ON customer_values (last_order_day, customer);
CREATE INDEX customer_values_by_sales ON customer_values (sales, customer);
CREATE INDEX customer_values_by_orders ON customer_values (orders, customer);

-- Which customer an identifier means. A visitor who is not known yet has no customer.
CREATE TABLE identifiers (
    identifier TEXT PRIMARY KEY,
    customer   BIGINT,
    seen_at    BIGINT NOT NULL
);
CREATE INDEX identifiers_by_customer ON identifiers (customer);

-- What each source says of a person; the profile in `customers` is computed from these rows.
CREATE TABLE source_records (
    source    TEXT NOT NULL,
    key       TEXT NOT NULL,
    customer  BIGINT NOT NULL,
    facts     TEXT NOT NULL,
    stated_at BIGINT NOT NULL,
    PRIMARY KEY (source, key)
);
CREATE INDEX source_records_by_customer ON source_records (customer);

-- The beginning of every word by which a person is looked up.
CREATE TABLE search_tokens (
    token    BINARY_TEXT NOT NULL,
    customer BIGINT NOT NULL,
    PRIMARY KEY (token, customer)
);
CREATE INDEX search_tokens_by_customer ON search_tokens (customer);

-- The latest word of a person on each channel.
CREATE TABLE consents (
    customer BIGINT NOT NULL,
    channel  TEXT NOT NULL,
    state    TEXT NOT NULL,
    basis    TEXT NOT NULL,
    stated_at BIGINT NOT NULL,
    PRIMARY KEY (customer, channel)
);

-- The newest state of every order and refund.
CREATE TABLE orders (
    order_id    UUID PRIMARY KEY,
    site        TEXT NOT NULL,
    number      TEXT NOT NULL,
    version     BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    customer    BIGINT,
    ordered_at  BIGINT NOT NULL,
    local_day   BIGINT NOT NULL,
    currency    TEXT NOT NULL,
    rate        TEXT,
    amount      BIGINT NOT NULL,
    reporting   BIGINT NOT NULL,
    quantity    BIGINT NOT NULL,
    is_simulated BOOLEAN NOT NULL,
    content     BYTEA NOT NULL,
    lines       TEXT NOT NULL
);
CREATE INDEX orders_by_customer ON orders (customer, ordered_at);
CREATE INDEX orders_by_number ON orders (number);
CREATE INDEX orders_by_day ON orders (local_day);

-- Things other than orders that a person did; the newest few hundred of each, older ones are in the history.
CREATE TABLE recent_events (
    customer    BIGINT NOT NULL,
    occurred_at BIGINT NOT NULL,
    event_id    UUID NOT NULL,
    kind        TEXT NOT NULL,
    title       TEXT NOT NULL,
    campaign_id UUID,
    is_simulated BOOLEAN NOT NULL,
    PRIMARY KEY (customer, occurred_at, event_id)
);

-- Messages that were taken in already, by (source, message id).
CREATE TABLE seen_messages (
    message UUID PRIMARY KEY,
    seen_at BIGINT NOT NULL
);
CREATE INDEX seen_messages_by_time ON seen_messages (seen_at);

-- Products as the orders name them.
CREATE TABLE products (
    sku   TEXT PRIMARY KEY,
    name  TEXT NOT NULL,
    price BIGINT NOT NULL,
    lines BIGINT NOT NULL
);

-- Addresses that get no mail any more: unsubscribed by a link, complained, or refused for good by their server.
CREATE TABLE suppressions (
    address       TEXT PRIMARY KEY,
    reason        TEXT NOT NULL,
    suppressed_at BIGINT NOT NULL
);

-- Sets of people that a figure on a screen led to.
CREATE TABLE selections (
    selection_id UUID PRIMARY KEY,
    title        TEXT NOT NULL,
    people       BYTEA NOT NULL,
    created_at   BIGINT NOT NULL
);
