-- Who may log in to the office's page.
CREATE TABLE account (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    shown       TEXT NOT NULL,
    role        TEXT NOT NULL,
    -- Programme ids, a JSON array; empty: all.
    programs    TEXT NOT NULL,
    -- Argon2id of the password, as a PHC string.
    secret      TEXT NOT NULL,
    must_change BIGINT NOT NULL,
    disabled    BIGINT NOT NULL,
    login_at    BIGINT,
    login_before BIGINT
);

-- Who is logged in: SHA-256 of what the browser holds.
CREATE TABLE session (
    token       TEXT PRIMARY KEY,
    account     BIGINT NOT NULL REFERENCES account (id),
    began_at    BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account);
