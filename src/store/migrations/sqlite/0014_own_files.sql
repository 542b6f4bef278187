-- Files of ours are known by their bytes as well as by their place.
CREATE INDEX placed_sha ON placed (sha256);
CREATE INDEX submission_bytes ON submission (sha256);
