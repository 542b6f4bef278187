-- Deadlines that the office extended; the last revision of a period holds. Instants are milliseconds since 1970 (UTC).
CREATE TABLE extension (
    program    TEXT NOT NULL,
    period     TEXT NOT NULL,
    revision   BIGINT NOT NULL,
    -- The new due date, 2024-12-10.
    due        TEXT NOT NULL,
    reason     TEXT NOT NULL,
    granted_by TEXT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (program, period, revision)
);

-- When a letter was last handed to the mail server: what the server's rates count, whatever became of it.
ALTER TABLE letter ADD COLUMN attempted BIGINT;
UPDATE letter SET attempted = sent;
DROP INDEX letter_sent;
CREATE INDEX letter_attempted ON letter (attempted);
