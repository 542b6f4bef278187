-- What is asked again and again is found without going through years of history.

-- Everything that obligations are judged by, so that a period is answered from the index alone.
CREATE INDEX submission_facts ON submission (
    program, period, unit, version, verdict, nil, row_count, arrived_after, arrived_seen, decided,
    accepted_at, accepted_by, accept_reason, withdrawn_at, file_name, placed
) WHERE version IS NOT NULL;

-- Files that wait for a person; the file that lies at a path.
CREATE INDEX submission_verdict ON submission (verdict, program);
CREATE INDEX submission_claimed ON submission (claimed_from) WHERE claimed_from IS NOT NULL;
CREATE INDEX submission_placed ON submission (placed) WHERE placed IS NOT NULL;

-- Notices of a period, whatever they are about.
CREATE INDEX notice_period ON notice (program, period, state);

-- What people did, which the daemon asks for twice a second.
CREATE INDEX journal_people ON journal (id) WHERE by <> 'taizhang';

-- The last decision about a submission, and about a period.
CREATE INDEX journal_submission ON journal (submission, id) WHERE submission IS NOT NULL;
CREATE INDEX journal_period ON journal (what, program, period);
