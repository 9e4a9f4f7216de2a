-- SPDX-License-Identifier: Apache-2.0
-- Why: what a feature looked like in shadow (frozen), how each later window compares with it, and which features have
-- drifted. Impact: new tables in the schema "drift" only; no lock on anything that exists; milliseconds.

CREATE TABLE drift.baseline (
    tenant       text        NOT NULL,
    rollout      text        NOT NULL,
    measure      text        NOT NULL,
    version      integer     NOT NULL CHECK (version >= 1),
    feature      text        NOT NULL,
    source       text        NOT NULL,
    observations bigint      NOT NULL CHECK (observations > 0),
    atoms        integer[]   NOT NULL,
    cuts         integer[]   NOT NULL,
    tally        bytea       NOT NULL,
    frozen_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant, rollout, measure, version)
);

CREATE FUNCTION drift.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a baseline is frozen: add a version instead of changing %.%', OLD.rollout, OLD.measure;
END $$;

CREATE TRIGGER baseline_is_frozen BEFORE UPDATE ON drift.baseline
    FOR EACH ROW EXECUTE FUNCTION drift.refuse_change();

-- Which closed windows have been judged: each once, also where it had too few observations for a score.
CREATE TABLE drift.judged_window (
    tenant  text        NOT NULL,
    rollout text        NOT NULL,
    minute  bigint      NOT NULL,
    scores  integer     NOT NULL,
    at      timestamptz NOT NULL,
    PRIMARY KEY (tenant, rollout, minute)
);

-- A provisional score is of the last two minutes, still open; the closed window's replaces it.
CREATE TABLE drift.score (
    tenant        text             NOT NULL,
    rollout       text             NOT NULL,
    feature       text             NOT NULL,
    minute        bigint           NOT NULL,
    baseline_n    bigint           NOT NULL,
    current_n     bigint           NOT NULL,
    psi           double precision NOT NULL,
    psi_corrected double precision NOT NULL,
    p_warn        double precision NOT NULL,
    p_act         double precision NOT NULL,
    severity      text             NOT NULL CHECK (severity IN ('none', 'warn', 'act')),
    provisional   boolean          NOT NULL,
    at            timestamptz      NOT NULL,
    PRIMARY KEY (tenant, rollout, feature, minute)
);

CREATE TABLE drift.finding (
    finding       text        PRIMARY KEY,
    tenant        text        NOT NULL,
    rollout       text        NOT NULL,
    feature       text        NOT NULL,
    severity      text        NOT NULL CHECK (severity IN ('warn', 'act')),
    opened_minute bigint      NOT NULL,
    closed_minute bigint,
    calm_windows  integer     NOT NULL,
    sentence      text        NOT NULL,
    at            timestamptz NOT NULL
);

CREATE UNIQUE INDEX finding_one_open_per_feature ON drift.finding (tenant, rollout, feature)
    WHERE closed_minute IS NULL;

CREATE VIEW drift.published_score AS
    SELECT tenant, rollout, feature, minute, baseline_n, current_n, psi, psi_corrected, p_warn, p_act, severity, at,
           provisional
    FROM drift.score;

CREATE VIEW drift.published_finding AS
    SELECT tenant, rollout, finding, feature, severity, opened_minute, closed_minute, sentence, at
    FROM drift.finding;

CREATE VIEW drift.published_baseline AS
    SELECT DISTINCT ON (tenant, rollout, measure) tenant, rollout, feature, source, observations, frozen_at
    FROM drift.baseline
    ORDER BY tenant, rollout, measure, version DESC;
