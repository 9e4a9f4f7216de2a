-- What a minor version to come may do while this one runs: add a column with a default, and a table.
ALTER TABLE evaluator.lane ADD COLUMN note text NOT NULL DEFAULT '';
ALTER TABLE evaluator.part ADD COLUMN note text;
ALTER TABLE evaluator.counter ADD COLUMN note text NOT NULL DEFAULT '';
CREATE TABLE evaluator.note (number integer PRIMARY KEY);
