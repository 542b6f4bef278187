-- A held file that says an earlier period, which has its good ledger, may be
-- meant for this one: who may have reported it isn't chased for it meanwhile.
ALTER TABLE submission ADD COLUMN may_be_for TEXT;
CREATE INDEX submission_may_be_for ON submission (program, may_be_for)
    WHERE may_be_for IS NOT NULL;
