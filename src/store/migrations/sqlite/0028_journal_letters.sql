-- The letter that a line is about, and what the whole of it concerns, so that a
-- search through the journal looks at a letter only where it speaks of several.
-- Its subject goes with the line: that is what people remember of it.
ALTER TABLE journal ADD COLUMN letter BIGINT;
DROP TRIGGER journal_keeps_entries;
UPDATE journal SET letter = CAST(detail AS INTEGER) WHERE what LIKE 'letter%';
UPDATE journal SET
    program = (SELECT CASE WHEN count(DISTINCT program) = 1 THEN min(program) END
               FROM notice WHERE notice.letter = journal.letter),
    unit = (SELECT CASE WHEN count(DISTINCT program) = 1 AND count(DISTINCT unit) = 1 AND count(unit) = count(*)
                        THEN min(unit) END
            FROM notice WHERE notice.letter = journal.letter),
    period = (SELECT CASE WHEN count(DISTINCT program) = 1 AND count(DISTINCT period) = 1 THEN min(period) END
              FROM notice WHERE notice.letter = journal.letter),
    detail = detail || coalesce((SELECT ' ' || subject FROM letter
                                 WHERE letter.id = journal.letter AND subject <> ''), '')
WHERE letter IS NOT NULL;
CREATE TRIGGER journal_keeps_entries BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
