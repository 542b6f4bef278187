-- Files in the folders of forms that were checked and not handed in. Instants are milliseconds since 1970 (UTC).
CREATE TABLE draft (
    path       TEXT PRIMARY KEY,
    program    TEXT NOT NULL,
    unit       TEXT NOT NULL,
    period     TEXT NOT NULL,
    sha256     TEXT NOT NULL,
    size       BIGINT NOT NULL,
    modified   BIGINT NOT NULL,
    -- FALSE: a form that nobody has filled in; remembered so that it isn't read again.
    filled     BOOLEAN NOT NULL,
    nil        BOOLEAN NOT NULL,
    rows       BIGINT NOT NULL,
    faults     BIGINT NOT NULL,
    findings   TEXT NOT NULL,
    saved_at   BIGINT NOT NULL,
    checked_at BIGINT NOT NULL
);
CREATE INDEX draft_period ON draft (program, period, unit);

-- Forms that were laid ready: once a unit and period, also if they were removed since.
CREATE TABLE form_given (
    program TEXT NOT NULL,
    period  TEXT NOT NULL,
    unit    TEXT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (program, period, unit)
);
