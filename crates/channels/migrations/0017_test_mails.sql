-- Mails that operators sent to themselves to see a draft: compressed JSON as in `captured_messages`. `made_at` goes by
-- the clock on the wall; the newest of each operator are kept.
CREATE TABLE test_mails (
    test_mail_id UUID PRIMARY KEY,
    operator_id  UUID NOT NULL,
    campaign_id  UUID NOT NULL,
    made_at      BIGINT NOT NULL,
    content      BYTEA NOT NULL
);
CREATE INDEX test_mails_by_operator ON test_mails (operator_id, made_at);
