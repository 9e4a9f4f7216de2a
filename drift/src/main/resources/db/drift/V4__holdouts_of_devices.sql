-- SPDX-License-Identifier: Apache-2.0
-- Why: devices ask their builds the questions of a reference set; what they answer is a run of the holdout too, and says
-- whether answers have become less certain.
-- Impact: adds columns to drift.holdout (instant) and a table; replaces one view.

ALTER TABLE drift.holdout
    ADD COLUMN failed           bigint           NOT NULL DEFAULT 0,
    ADD COLUMN entropies        bigint           NOT NULL DEFAULT 0,
    ADD COLUMN entropy_mean     double precision,
    ADD COLUMN entropy_variance double precision,
    ADD COLUMN entropy_low      double precision,
    ADD COLUMN entropy_high     double precision;

COMMENT ON COLUMN drift.holdout.entropy_low IS
    'Lower end of the 95 % interval of the change of mean entropy since the first run.';

-- How much of what the evaluator has counted was made into runs.
CREATE TABLE drift.holdout_taken (
    tenant                text        NOT NULL,
    workload              text        NOT NULL,
    build                 text        NOT NULL,
    reference             text        NOT NULL,
    answers               bigint      NOT NULL,
    correct               bigint      NOT NULL,
    failed                bigint      NOT NULL,
    entropies             bigint      NOT NULL,
    entropy_milli         bigint      NOT NULL,
    entropy_milli_squares bigint      NOT NULL,
    since                 timestamptz NOT NULL,
    PRIMARY KEY (tenant, workload, build, reference)
) WITH (fillfactor = 50);

CREATE OR REPLACE VIEW drift.published_holdout AS
    SELECT tenant, workload, build, reference, number, correct, n, told_by, at, failed, entropy_mean, entropy_low,
           entropy_high
    FROM drift.holdout;
