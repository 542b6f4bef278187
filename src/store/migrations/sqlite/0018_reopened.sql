-- What was settled and is open again, and that units are told of decisions. Instants are milliseconds since 1970 (UTC).

-- Accepted once, and handed back by a recheck; how often a recheck changed what its unit has to know.
ALTER TABLE submission ADD COLUMN reopened_at BIGINT;
ALTER TABLE submission ADD COLUMN reopened_why TEXT;
ALTER TABLE submission ADD COLUMN rechecks BIGINT NOT NULL DEFAULT 0;

-- An exemption that was undone stays on the record.
ALTER TABLE exemption ADD COLUMN undone_at BIGINT;
ALTER TABLE exemption ADD COLUMN undone_by TEXT;
ALTER TABLE exemption ADD COLUMN undone_why TEXT;

DROP INDEX submission_facts;
CREATE INDEX submission_facts ON submission (
    program, period, unit, version, verdict, nil, row_count, arrived_after, arrived_seen, decided,
    accepted_at, accepted_by, accept_reason, withdrawn_at, file_name, placed, reopened_at, reopened_why, rechecks
) WHERE version IS NOT NULL;

-- Decisions that were made before are not announced now.
INSERT INTO meta (key, value) SELECT 'announced_after', CAST(max(at) AS TEXT) FROM (
    SELECT at FROM exemption UNION ALL SELECT at FROM extension UNION ALL SELECT withdrawn_at FROM submission
) HAVING max(at) IS NOT NULL;
