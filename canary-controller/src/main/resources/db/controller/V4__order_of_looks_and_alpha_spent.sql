-- Why: the most pressing rollout is found at once among very many; how much of the chance of a false roll-back is spent
-- is shown.
-- Operator impact: one small index is made and another dropped, a column with a constant default; milliseconds.

CREATE INDEX rollout_pressing ON controller.rollout (alarm DESC, next_look_at) WHERE outcome IS NULL;
DROP INDEX controller.rollout_due;

ALTER TABLE controller.rollout ADD COLUMN alpha_spent double precision NOT NULL DEFAULT 0;
