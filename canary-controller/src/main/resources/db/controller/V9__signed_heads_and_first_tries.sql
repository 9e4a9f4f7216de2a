-- Why: checkpoints are written once an interval by whichever instance comes first, and hold what differs from what was
-- signed last, not what is newer by some instance's clock; a retry has a share of the first try's error, not of the last
-- one's, which is a share already.
-- Operator impact: a new table and two columns without rewriting; milliseconds. The first checkpoint after it holds all
-- heads once more.

CREATE TABLE controller.signed_head (
    tenant text NOT NULL,
    chain  text NOT NULL,
    hash   text NOT NULL,
    PRIMARY KEY (tenant, chain)
);

-- By this database's clock.
ALTER TABLE controller.checkpoint ADD COLUMN written_at timestamptz NOT NULL DEFAULT now();

ALTER TABLE controller.rollout ADD COLUMN first_try text;
