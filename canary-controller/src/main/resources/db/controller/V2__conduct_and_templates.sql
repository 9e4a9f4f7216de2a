-- Why: plans say more of how they are carried out, may be kept as templates, and a rollout may be a draft.
-- Operator impact: a column with a constant default; the index of running rollouts is made anew, which takes a moment.

ALTER TABLE controller.rollout ADD COLUMN carried text NOT NULL DEFAULT '{}';

DROP INDEX controller.rollout_running;
-- At most one rollout at a time changes what a workload's devices do; devices know nothing of drafts.
CREATE UNIQUE INDEX rollout_running ON controller.rollout (tenant, workload)
    WHERE outcome IS NULL AND phase NOT IN ('draft', 'validating');

CREATE TABLE controller.plan_template (
    tenant     text        NOT NULL,
    name       text        NOT NULL,
    version    int         NOT NULL CHECK (version >= 1),
    body       text        NOT NULL,
    created_by text        NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, name, version)
);
