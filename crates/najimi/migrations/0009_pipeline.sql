-- What each batch of the journal came to: the rows that the history has not made durable yet.
CREATE TABLE history_pending (
    lane           TEXT NOT NULL,
    from_position  BIGINT NOT NULL,
    until_position BIGINT NOT NULL,
    verdict        BYTEA NOT NULL,
    PRIMARY KEY (lane, from_position)
);
