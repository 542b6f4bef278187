-- When the office said that a name is nobody's alias; it isn't offered again.
ALTER TABLE alias_offer ADD COLUMN dismissed BIGINT;
