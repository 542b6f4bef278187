-- Which programmes a letter is about, as a sorted JSON list, frozen when it is
-- made: whoever has to do with some programmes only is shown, and counted,
-- nothing else. A withdrawal is about what the letter is about that it withdraws.
ALTER TABLE letter ADD COLUMN programs TEXT NOT NULL DEFAULT '[]';
-- Somebody who gets a copy has no address.
ALTER TABLE letter ADD COLUMN copies_by_hand BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE letter SET programs = (
    SELECT json_group_array(program) FROM (
        SELECT DISTINCT program FROM notice WHERE notice.letter = letter.id ORDER BY program
    )
), copies_by_hand = EXISTS (
    SELECT 1 FROM json_each(letter.addressed, '$.cc') AS copy WHERE json_extract(copy.value, '$.address') = ''
);
UPDATE letter SET programs = (SELECT own.programs FROM letter AS own WHERE own.id = letter.about)
WHERE programs = '[]' AND about IS NOT NULL;

-- Lists of letters are read from these, never from the letters with their texts.
CREATE INDEX letter_about_programs ON letter (state, programs);
CREATE INDEX letter_in_state ON letter (state, id);
CREATE INDEX letter_about ON letter (about) WHERE about IS NOT NULL;
CREATE INDEX letter_copies_by_hand ON letter (day) WHERE copies_by_hand;
