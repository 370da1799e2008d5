-- All words by which a person is found stand with the person, so the tree of tokens needs no second order; and a token
-- that begins a longer one of the same person finds nobody else.
ALTER TABLE customers ADD COLUMN search_words TEXT NOT NULL DEFAULT '';
DELETE FROM search_tokens WHERE EXISTS (SELECT 1 FROM search_tokens longer WHERE longer.customer = search_tokens.customer
    AND longer.token > search_tokens.token AND substr(longer.token, 1, length(search_tokens.token)) = search_tokens.token);
UPDATE customers SET search_words = COALESCE((SELECT ' ' || string_agg(token, ' ') || ' ' FROM search_tokens
    WHERE search_tokens.customer = customers.customer), '');
DROP INDEX search_tokens_by_customer;
