-- Of which order a product's name and price are: the time at which that was placed, in microseconds. A later order names
-- and prices it anew, an earlier one does not. 0: of one that is not known any more.
ALTER TABLE products ADD COLUMN priced_at BIGINT NOT NULL DEFAULT 0;
