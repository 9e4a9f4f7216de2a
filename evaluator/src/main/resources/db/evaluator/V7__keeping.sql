-- Why: where flushes append more than keepers can add up, parts piled up without an end. Keepers now say when they last
-- had added up all of them, and evaluators flush less often while that was long ago: fewer and fuller parts, each of
-- which costs a keeper the same. What was added up is given back sooner, its long values as well.
-- Operator impact: creates a table of one row and changes when autovacuum looks at evaluator.part; milliseconds.

CREATE TABLE evaluator.keeping (
    one       boolean     PRIMARY KEY DEFAULT true CHECK (one),
    passed_at timestamptz NOT NULL
);

COMMENT ON TABLE evaluator.keeping IS
    'When a keeper last had added up all of evaluator.part, by the clock of the database.';

INSERT INTO evaluator.keeping (passed_at) VALUES (clock_timestamp());

ALTER TABLE evaluator.part SET (
    autovacuum_vacuum_cost_delay = 0,
    toast.autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_threshold = 5000,
    toast.autovacuum_vacuum_insert_scale_factor = 0.2, toast.autovacuum_vacuum_cost_delay = 0);
