-- People of the company who sign in. The mail is kept as written; `email_key` is what it is found by.
CREATE TABLE operators (
    operator_id   UUID PRIMARY KEY,
    name          TEXT NOT NULL,
    email         TEXT NOT NULL,
    email_key     TEXT NOT NULL UNIQUE,
    role          TEXT NOT NULL,
    password_hash TEXT,
    is_active     BOOLEAN NOT NULL,
    created_at    BIGINT NOT NULL,
    signed_in_at  BIGINT
);

-- Who is signed in. Only the SHA-256 of the cookie is kept.
CREATE TABLE sessions (
    session_hash BYTEA PRIMARY KEY,
    operator_id  UUID NOT NULL REFERENCES operators (operator_id),
    created_at   BIGINT NOT NULL,
    used_at      BIGINT NOT NULL
);
CREATE INDEX sessions_by_operator ON sessions (operator_id, created_at);

-- Links that open the door once: the first set-up (no operator yet), or one operator's sign-in. Only the SHA-256 is kept.
CREATE TABLE access_links (
    link_hash   BYTEA PRIMARY KEY,
    operator_id UUID REFERENCES operators (operator_id),
    ends_at     BIGINT NOT NULL
);

-- Keys with which programs speak to the API. Only the SHA-256 is kept, and the first letters to tell them apart.
CREATE TABLE api_keys (
    key_id       UUID PRIMARY KEY,
    name         TEXT NOT NULL,
    scopes       TEXT NOT NULL,
    prefix       TEXT NOT NULL,
    secret_hash  BYTEA NOT NULL UNIQUE,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at   BIGINT
);
