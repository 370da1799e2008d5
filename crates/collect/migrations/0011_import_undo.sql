-- An import that is taken back: the job that does it, and when it was done.
ALTER TABLE imports ADD COLUMN undo_job_id UUID;
ALTER TABLE imports ADD COLUMN undone_at BIGINT;
-- How many events of the run are durable at least: one that is broken off goes on behind them.
ALTER TABLE imports ADD COLUMN told_events BIGINT NOT NULL DEFAULT 0;
