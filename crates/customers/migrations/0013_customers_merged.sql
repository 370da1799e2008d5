-- By which event a visitor's id came to its person: the earliest one holds, whenever it arrives.
ALTER TABLE identifiers ADD COLUMN linked_at BIGINT;
ALTER TABLE identifiers ADD COLUMN linked_by TEXT;

-- Who was said to be the same person as whom: `identifier` was called `previous` before. It holds from the moment at
-- which `previous` is a number of the shop.
CREATE TABLE aliases (
    previous   TEXT NOT NULL,
    identifier TEXT NOT NULL,
    PRIMARY KEY (previous, identifier)
);

-- Who stayed when two people were one.
CREATE INDEX customers_by_redirect ON customers (redirect_to) WHERE redirect_to IS NOT NULL;

-- The source's time of the newest statement of a whole order; NULL while only parts of it are known.
ALTER TABLE orders ADD COLUMN whole_at BIGINT;
ALTER TABLE order_statements ADD COLUMN whole_at BIGINT;
UPDATE orders SET whole_at = ordered_at WHERE origins = 1 AND origin = '';
UPDATE order_statements SET whole_at = ordered_at WHERE origin = '';
