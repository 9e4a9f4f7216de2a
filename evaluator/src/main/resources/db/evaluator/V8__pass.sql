-- Why: each keeper remembered for itself how far its pass through evaluator.part had come, and forgot it where another one
-- was at work: with two instances passes ended each other, and what comes late in their order waited. The pass is one now,
-- of all keepers; its place stands here and changes in the transaction of the piece that was done.
-- Operator impact: adds three columns to a table of one row; milliseconds.

ALTER TABLE evaluator.keeping
    ADD COLUMN after_tenant  text    NOT NULL DEFAULT '',
    ADD COLUMN after_rollout text    NOT NULL DEFAULT '',
    ADD COLUMN is_left       boolean NOT NULL DEFAULT false;

COMMENT ON COLUMN evaluator.keeping.after_rollout IS
    'The last rollout, of after_tenant, that the pass under way has visited; empty where none is.';
COMMENT ON COLUMN evaluator.keeping.is_left IS
    'Whether this pass, or the one that ended last, left some parts of a rollout behind.';
