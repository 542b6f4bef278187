-- Rows that were left out where several files came together are shown for
-- some days, as what was done on the share (0012).
CREATE INDEX journal_of_left_out ON journal (at)
    WHERE what = 'rows-left-out';
