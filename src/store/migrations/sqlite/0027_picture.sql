-- Sheets as they were handed in, packed, to be looked at without opening the file.
CREATE TABLE picture (
    submission BIGINT PRIMARY KEY,
    body       BLOB NOT NULL
);
