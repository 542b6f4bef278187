-- What stood ready in a register's form when it was laid: where that changes,
-- an untouched form is written anew.
ALTER TABLE form_given ADD COLUMN ready TEXT NOT NULL DEFAULT '';
