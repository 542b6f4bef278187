-- Files during whose handling the process died again and again: left where they lie, and not opened again by the
-- version of the program that they stopped. at is milliseconds since 1970 (UTC).
CREATE TABLE put_aside (
    program    TEXT NOT NULL,
    sha256     TEXT NOT NULL,
    -- The submission that says so.
    submission BIGINT NOT NULL REFERENCES submission (id),
    version    TEXT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (program, sha256, submission)
);
