-- By which way something was done: what the program did by itself is known by
-- this, not by its name, which a person may have as well.
ALTER TABLE journal ADD COLUMN via TEXT NOT NULL DEFAULT 'program';
UPDATE journal SET via = 'command' WHERE by <> 'taizhang';
UPDATE journal SET via = 'share' WHERE by = 'office';
DROP INDEX journal_people;
CREATE INDEX journal_people ON journal (id) WHERE via <> 'program';
