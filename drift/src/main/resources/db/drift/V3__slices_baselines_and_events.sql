-- SPDX-License-Identifier: Apache-2.0
-- Why: baselines come from shadow, from an upload or from a rolling period, for a rollout or a workload, by slice, each with
-- who made it; one of each kind is active. Scores and findings know their slice, findings what moved and in which windows;
-- windows of little traffic wait until they are large enough. Builds become due for retraining; findings and triggers leave
-- by webhook.
-- Impact: rewrites drift.baseline (a few rows), adds columns and replaces primary keys on drift.score and drift.finding
-- (an exclusive lock while the new index is built: some seconds per million scores), adds tables and views.

ALTER TABLE drift.baseline
    ADD COLUMN baseline     text    NOT NULL DEFAULT gen_random_uuid()::text UNIQUE,
    ADD COLUMN workload     text    NOT NULL DEFAULT '',
    ADD COLUMN slice        text    NOT NULL DEFAULT 'all',
    ADD COLUMN categorical  boolean NOT NULL DEFAULT false,
    ADD COLUMN origin       text    NOT NULL DEFAULT 'shadow' CHECK (origin IN ('shadow', 'upload', 'rolling')),
    ADD COLUMN first_minute bigint,
    ADD COLUMN last_minute  bigint,
    ADD COLUMN made_by      text    NOT NULL DEFAULT 'drift';
ALTER TABLE drift.baseline DISABLE TRIGGER baseline_is_frozen;
UPDATE drift.baseline SET categorical = true WHERE measure LIKE 'pairs.labels.%';
ALTER TABLE drift.baseline ENABLE TRIGGER baseline_is_frozen;
ALTER TABLE drift.baseline ALTER COLUMN baseline DROP DEFAULT;
ALTER TABLE drift.baseline DROP CONSTRAINT baseline_pkey;
ALTER TABLE drift.baseline ADD PRIMARY KEY (tenant, workload, rollout, measure, slice, version);

COMMENT ON COLUMN drift.baseline.rollout IS 'Whose it is; empty: of all rollouts of the workload that have none of their own.';

-- Which version is laid on windows now: one for each tenant, workload or rollout, measure and slice.
CREATE TABLE drift.active_baseline (
    tenant       text        NOT NULL,
    workload     text        NOT NULL,
    rollout      text        NOT NULL,
    measure      text        NOT NULL,
    slice        text        NOT NULL,
    baseline     text        NOT NULL REFERENCES drift.baseline (baseline),
    since        timestamptz NOT NULL,
    activated_by text        NOT NULL,
    PRIMARY KEY (tenant, workload, rollout, measure, slice)
);
INSERT INTO drift.active_baseline
    SELECT DISTINCT ON (tenant, workload, rollout, measure, slice)
           tenant, workload, rollout, measure, slice, baseline, frozen_at, made_by
    FROM drift.baseline ORDER BY tenant, workload, rollout, measure, slice, version DESC;

-- Baselines that follow the traffic: made anew each time this many hours are complete.
CREATE TABLE drift.rolling (
    tenant       text        NOT NULL,
    workload     text        NOT NULL,
    rollout      text        NOT NULL,
    hours        integer     NOT NULL CHECK (hours BETWEEN 1 AND 720),
    until_minute bigint      NOT NULL,
    asked_by     text        NOT NULL,
    at           timestamptz NOT NULL,
    PRIMARY KEY (tenant, workload, rollout)
);

-- Minutes that were too few observations to be judged and wait for the next ones.
CREATE TABLE drift.pending (
    tenant       text   NOT NULL,
    rollout      text   NOT NULL,
    slice        text   NOT NULL,
    measure      text   NOT NULL,
    first_minute bigint NOT NULL,
    tally        bytea  NOT NULL,
    PRIMARY KEY (tenant, rollout, slice, measure)
) WITH (fillfactor = 50);

ALTER TABLE drift.score
    ADD COLUMN slice           text NOT NULL DEFAULT 'all',
    ADD COLUMN first_minute    bigint,
    ADD COLUMN baseline        text,
    ADD COLUMN js_bits         double precision,
    ADD COLUMN ks_error        double precision,
    ADD COLUMN p_warn_adjusted double precision,
    ADD COLUMN p_act_adjusted  double precision;
ALTER TABLE drift.score DROP CONSTRAINT score_pkey;
ALTER TABLE drift.score ADD PRIMARY KEY (tenant, rollout, feature, slice, minute);
CREATE INDEX score_by_minute ON drift.score (minute);

ALTER TABLE drift.finding
    ADD COLUMN workload    text   NOT NULL DEFAULT '',
    ADD COLUMN slice       text   NOT NULL DEFAULT 'all',
    ADD COLUMN last_minute bigint,
    ADD COLUMN moved       jsonb  NOT NULL DEFAULT '[]',
    ADD COLUMN baseline    text;
DROP INDEX drift.finding_one_open_per_feature;
CREATE UNIQUE INDEX finding_one_open_per_feature ON drift.finding (tenant, rollout, feature, slice)
    WHERE closed_minute IS NULL;

-- The windows that were beyond a limit while a finding was open.
CREATE TABLE drift.finding_window (
    finding      text             NOT NULL REFERENCES drift.finding (finding) ON DELETE CASCADE,
    first_minute bigint           NOT NULL,
    last_minute  bigint           NOT NULL,
    severity     text             NOT NULL CHECK (severity IN ('warn', 'act')),
    observations bigint           NOT NULL,
    psi          double precision,
    PRIMARY KEY (finding, last_minute)
);

-- Runs of a build over its reference holdout. The first of a build and set is what later ones are compared with.
CREATE TABLE drift.holdout (
    number    bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant    text        NOT NULL,
    workload  text        NOT NULL,
    build     text        NOT NULL,
    reference text        NOT NULL,
    correct   bigint      NOT NULL CHECK (correct >= 0),
    n         bigint      NOT NULL CHECK (n >= correct AND n > 0),
    told_by   text        NOT NULL,
    at        timestamptz NOT NULL
);
CREATE INDEX holdout_of_build ON drift.holdout (tenant, workload, build, reference, number);

CREATE TABLE drift.retraining (
    trigger  text        PRIMARY KEY,
    tenant   text        NOT NULL,
    workload text        NOT NULL,
    rollout  text        NOT NULL,
    build    text        NOT NULL,
    reason   text        NOT NULL CHECK (reason IN ('drift', 'age', 'holdout')),
    sentence text        NOT NULL,
    detail   jsonb       NOT NULL,
    at       timestamptz NOT NULL
);
CREATE INDEX retraining_of_build ON drift.retraining (tenant, workload, build, reason, at);
CREATE UNIQUE INDEX retraining_by_age_once ON drift.retraining (tenant, workload, build) WHERE reason = 'age';

-- What is told to the outside, and to whom it still has to be told: for each endpoint in the order of "number".
CREATE TABLE drift.event (
    number bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event  text        NOT NULL UNIQUE,
    tenant text        NOT NULL,
    kind   text        NOT NULL,
    body   text        NOT NULL,
    at     timestamptz NOT NULL
);
CREATE TABLE drift.delivery (
    endpoint text        NOT NULL,
    number   bigint      NOT NULL REFERENCES drift.event (number) ON DELETE CASCADE,
    state    text        NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'given-up')),
    attempts integer     NOT NULL DEFAULT 0,
    next_at  timestamptz NOT NULL,
    answer   text        NOT NULL DEFAULT '',
    PRIMARY KEY (endpoint, number)
);
CREATE INDEX delivery_waiting ON drift.delivery (endpoint, number) WHERE state = 'waiting';

CREATE OR REPLACE VIEW drift.published_score AS
    SELECT tenant, rollout, feature, minute, baseline_n, current_n, psi, psi_corrected, p_warn, p_act, severity, at,
           provisional, verdict, needed, ks_d, ks_p, ks_p_adjusted, chi2_v, chi2_p, chi2_p_adjusted, missing_baseline,
           missing_current, missing_p, missing_p_adjusted, unseen_current, unseen_p, unseen_p_adjusted,
           entropy_change, entropy_low, entropy_high, slice, first_minute, baseline, js_bits, ks_error,
           p_warn_adjusted, p_act_adjusted
    FROM drift.score;

CREATE OR REPLACE VIEW drift.published_finding AS
    SELECT tenant, rollout, finding, feature, severity, opened_minute, closed_minute, sentence, at, workload, slice,
           last_minute, moved, baseline
    FROM drift.finding;

CREATE VIEW drift.published_finding_window AS
    SELECT f.tenant, f.rollout, w.finding, w.first_minute, w.last_minute, w.severity, w.observations, w.psi
    FROM drift.finding_window w JOIN drift.finding f USING (finding);

DROP VIEW drift.published_baseline;
CREATE VIEW drift.published_baseline AS
    SELECT b.tenant, b.rollout, b.feature, b.source, b.observations, b.frozen_at, b.workload, b.slice, b.baseline,
           b.version, b.origin, b.first_minute, b.last_minute, b.made_by, b.measure, a.since, a.activated_by,
           a.baseline IS NOT NULL AS active
    FROM drift.baseline b LEFT JOIN drift.active_baseline a USING (baseline);

CREATE VIEW drift.published_retraining AS
    SELECT tenant, workload, rollout, build, trigger, reason, sentence, detail, at FROM drift.retraining;

CREATE VIEW drift.published_holdout AS
    SELECT tenant, workload, build, reference, number, correct, n, told_by, at FROM drift.holdout;

CREATE VIEW drift.published_event AS
    SELECT tenant, event, number, kind, body::jsonb AS body, at FROM drift.event;

CREATE VIEW drift.published_delivery AS
    SELECT e.tenant, d.endpoint, e.event, d.number, d.state, d.attempts, d.next_at, d.answer
    FROM drift.delivery d JOIN drift.event e USING (number);
