-- Whether an earlier step of the same submission still waits.
CREATE INDEX delivery_submission ON delivery (submission, id) WHERE state = 'pending' AND submission IS NOT NULL;
