-- Items of a register whose leads the office has named: over the table, from a
-- period on. What was decided before stays; the last one for a period counts.
CREATE TABLE assignment (
    id          INTEGER PRIMARY KEY,
    program     TEXT NOT NULL,
    item        TEXT NOT NULL,
    -- Unit ids, a JSON array.
    leads       TEXT NOT NULL,
    from_period TEXT NOT NULL,
    reason      TEXT NOT NULL,
    assigned_by TEXT NOT NULL,
    at          BIGINT NOT NULL
);
