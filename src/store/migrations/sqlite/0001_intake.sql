-- Instants are milliseconds since 1970 (UTC). Paths are relative to the watch root, with '/'.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- The first run of a programme: what was due before is history.
CREATE TABLE program (
    id      TEXT PRIMARY KEY,
    go_live BIGINT NOT NULL
);

CREATE TABLE submission (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    program        TEXT NOT NULL,
    unit           TEXT,
    period         TEXT,
    version        BIGINT,
    sha256         TEXT NOT NULL,
    size           BIGINT NOT NULL,
    file_name      TEXT NOT NULL,
    origin         TEXT NOT NULL,
    arrived_after  BIGINT,
    arrived_seen   BIGINT NOT NULL,
    decided        BIGINT NOT NULL,
    verdict        TEXT NOT NULL,
    nil            BOOLEAN NOT NULL DEFAULT FALSE,
    row_count      BIGINT,
    content        TEXT NOT NULL DEFAULT '',
    program_hash   TEXT NOT NULL,
    form_version   TEXT,
    duplicate_of   BIGINT REFERENCES submission (id),
    claimed_from   BIGINT REFERENCES submission (id),
    accepted_by    TEXT,
    accept_reason  TEXT,
    accepted_at    BIGINT,
    withdrawn_by   TEXT,
    withdrawn_why  TEXT,
    withdrawn_at   BIGINT,
    placed         TEXT,
    detail         TEXT NOT NULL DEFAULT '{}'
);
CREATE UNIQUE INDEX submission_version ON submission (program, unit, period, version) WHERE version IS NOT NULL;
CREATE INDEX submission_sha ON submission (program, sha256);

-- The data rows of a submission as one JSON array, in the order of the file.
CREATE TABLE submission_rows (
    submission BIGINT PRIMARY KEY REFERENCES submission (id),
    rows       TEXT NOT NULL
);

CREATE TABLE finding (
    submission BIGINT NOT NULL REFERENCES submission (id),
    n          BIGINT NOT NULL,
    code       TEXT NOT NULL,
    severity   TEXT NOT NULL,
    sheet      TEXT,
    cell       TEXT,
    body       TEXT NOT NULL,
    PRIMARY KEY (submission, n)
);

-- What has yet to be done on the share, in order of id within a submission.
CREATE TABLE delivery (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    submission BIGINT REFERENCES submission (id),
    action     TEXT NOT NULL,
    source     TEXT,
    state      TEXT NOT NULL DEFAULT 'pending',
    tries      BIGINT NOT NULL DEFAULT 0,
    not_before BIGINT NOT NULL DEFAULT 0,
    last_error TEXT
);
CREATE INDEX delivery_pending ON delivery (state, id);

-- Files on the share that we wrote or moved, as we left them.
CREATE TABLE placed (
    path       TEXT PRIMARY KEY,
    sha256     TEXT NOT NULL,
    size       BIGINT NOT NULL,
    modified   BIGINT NOT NULL,
    role       TEXT NOT NULL,
    submission BIGINT
);

CREATE TABLE exemption (
    program TEXT NOT NULL,
    unit    TEXT NOT NULL,
    period  TEXT NOT NULL,
    reason  TEXT NOT NULL,
    granted_by TEXT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (program, unit, period)
);

-- What the office wrote into its own columns of a master.
CREATE TABLE remark (
    program TEXT NOT NULL,
    period  TEXT NOT NULL,
    row_key TEXT NOT NULL,
    field   TEXT NOT NULL,
    text    TEXT NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (program, period, row_key, field)
);

-- A version of the master is the set of submissions that count.
CREATE TABLE master (
    program TEXT NOT NULL,
    period  TEXT NOT NULL,
    version BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    members TEXT NOT NULL,
    PRIMARY KEY (program, period, version)
);

-- The master files as we wrote them last.
CREATE TABLE master_file (
    program TEXT NOT NULL,
    period  TEXT NOT NULL,
    name    TEXT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (program, period, name)
);

CREATE TABLE alias_offer (
    program TEXT NOT NULL,
    name    TEXT NOT NULL,
    unit    TEXT,
    at      BIGINT NOT NULL,
    PRIMARY KEY (program, name)
);

-- Everything done, and by whom. Only ever added to.
CREATE TABLE journal (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    at         BIGINT NOT NULL,
    by         TEXT NOT NULL,
    what       TEXT NOT NULL,
    program    TEXT,
    unit       TEXT,
    period     TEXT,
    submission BIGINT,
    detail     TEXT NOT NULL DEFAULT ''
);
CREATE TRIGGER journal_keeps_entries BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_keeps_all BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
