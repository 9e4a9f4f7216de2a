-- Why: what the tests of the kit write to. Impact: none.
CREATE TABLE item (name text PRIMARY KEY, amount bigint NOT NULL);
