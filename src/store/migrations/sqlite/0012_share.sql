-- What was done about the share and its folders is shown for some days; such
-- entries are few among many.
CREATE INDEX journal_share ON journal (at)
    WHERE what IN ('folder-made-again', 'share-taken-over', 'sentinel-repaired');
