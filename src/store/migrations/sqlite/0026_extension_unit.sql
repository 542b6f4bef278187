-- A deadline that was extended for one unit alone; none: for all of them.
ALTER TABLE extension ADD COLUMN unit TEXT;
