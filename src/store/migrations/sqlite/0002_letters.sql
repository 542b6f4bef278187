-- Steps of the ladder that have come due, and answers; each once for ever.
CREATE TABLE notice (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    program   TEXT NOT NULL,
    subject   TEXT NOT NULL,
    period    TEXT NOT NULL,
    revision  BIGINT NOT NULL,
    step      TEXT NOT NULL,
    version   BIGINT NOT NULL,
    -- Key of the recipient; empty for a step that is only recorded.
    recipient TEXT NOT NULL,
    unit      TEXT,
    kind      TEXT NOT NULL,
    mode      TEXT NOT NULL,
    -- waiting (for a letter, or in one), void (the duty was met first), superseded, never.
    state     TEXT NOT NULL,
    at        BIGINT NOT NULL,
    created   BIGINT NOT NULL,
    letter    BIGINT REFERENCES letter (id),
    -- Recipient, copies and reason as JSON, frozen when the notice was made.
    body      TEXT NOT NULL,
    UNIQUE (program, subject, period, revision, step, version, recipient)
);
CREATE INDEX notice_letter ON notice (letter);
CREATE INDEX notice_waiting ON notice (state, letter);

CREATE TABLE letter (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT NOT NULL,
    state      TEXT NOT NULL,
    -- Recipients and copies with their addresses, frozen, as JSON.
    addressed  TEXT NOT NULL,
    -- The day it was made for, as 2024-12-06 in the site's zone.
    day        TEXT NOT NULL,
    subject    TEXT NOT NULL DEFAULT '',
    text       TEXT NOT NULL DEFAULT '',
    html       TEXT NOT NULL DEFAULT '',
    chat       TEXT NOT NULL DEFAULT '',
    -- A person wrote the text: it is never written over.
    edited     BOOLEAN NOT NULL DEFAULT FALSE,
    created    BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    sent       BIGINT,
    attempts   BIGINT NOT NULL DEFAULT 0,
    last_error TEXT,
    message_id TEXT NOT NULL DEFAULT '',
    -- The letter that this one withdraws or clears.
    about      BIGINT REFERENCES letter (id),
    decided_by TEXT,
    reason     TEXT
);
CREATE INDEX letter_state ON letter (state, not_before);
CREATE INDEX letter_sent ON letter (sent);
