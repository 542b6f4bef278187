-- By which way something was done: what the program did by itself is known by
-- this, not by its name, which a person may have as well.
ALTER TABLE journal ADD COLUMN via TEXT NOT NULL DEFAULT 'program';
DROP TRIGGER journal_keeps_entries;
UPDATE journal SET via = CASE WHEN by = 'office' THEN 'share' ELSE 'command' END WHERE by <> 'taizhang';
CREATE TRIGGER journal_keeps_entries BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
DROP INDEX journal_people;
CREATE INDEX journal_people ON journal (id) WHERE via <> 'program';
