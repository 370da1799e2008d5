-- A message to the people of a segment, from draft to result. Instants go by the shop's clock.
-- `segment_text` is what the segment was called when the people were drawn; a saved segment is read anew until then.
CREATE TABLE campaigns (
    campaign_id  UUID PRIMARY KEY,
    name         TEXT NOT NULL,
    state        TEXT NOT NULL,
    segment_id   UUID,
    tree         TEXT,
    segment_text TEXT,
    mail         TEXT NOT NULL,
    holdout      DOUBLE PRECISION NOT NULL,
    version      BIGINT NOT NULL,
    scheduled_at BIGINT,
    started_at   BIGINT,
    window_days  BIGINT NOT NULL,
    people       BIGINT,
    treated      BIGINT NOT NULL,
    control      BIGINT NOT NULL,
    sent         BIGINT NOT NULL,
    is_queued    BOOLEAN NOT NULL,
    is_settled   BOOLEAN NOT NULL,
    stop_reason  TEXT,
    is_simulated BOOLEAN NOT NULL,
    true_effect  DOUBLE PRECISION,
    created_at   BIGINT NOT NULL
);
CREATE INDEX campaigns_by_time ON campaigns (created_at, campaign_id);
CREATE INDEX campaigns_open ON campaigns (state) WHERE NOT is_settled;

-- Who was drawn into which arm: bitmaps of dense customer numbers. Written once, never changed.
CREATE TABLE campaign_people (
    campaign_id UUID PRIMARY KEY,
    treated     BYTEA NOT NULL,
    control     BYTEA NOT NULL
);

-- Answers to requests that may come twice, by their Idempotency-Key.
CREATE TABLE campaign_requests (
    campaign_id     UUID NOT NULL,
    idempotency_key TEXT NOT NULL,
    request         TEXT NOT NULL,
    answer          TEXT NOT NULL,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (campaign_id, idempotency_key)
);
