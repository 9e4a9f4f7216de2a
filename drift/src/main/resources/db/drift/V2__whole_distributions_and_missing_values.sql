-- SPDX-License-Identifier: Apache-2.0
-- Why: a score says more than the stability index: its verdict and what it still needs, the whole distribution
-- (Kolmogorov-Smirnov, chi-square), missing values, unseen categories, the mean entropy. A window of missing values only
-- has a score without an index. Impact: adds columns and drops NOT NULL on drift.score (a short exclusive lock, no
-- rewrite), replaces a view; milliseconds.

ALTER TABLE drift.score
    ALTER COLUMN psi DROP NOT NULL,
    ALTER COLUMN psi_corrected DROP NOT NULL,
    ALTER COLUMN p_warn DROP NOT NULL,
    ALTER COLUMN p_act DROP NOT NULL,
    ADD COLUMN verdict text NOT NULL DEFAULT 'UNDECIDED'
        CHECK (verdict IN ('BREACH', 'SAFE', 'UNDECIDED', 'NO-EVIDENCE')),
    ADD COLUMN needed bigint,
    ADD COLUMN ks_d double precision,
    ADD COLUMN ks_p double precision,
    ADD COLUMN ks_p_adjusted double precision,
    ADD COLUMN chi2_v double precision,
    ADD COLUMN chi2_p double precision,
    ADD COLUMN chi2_p_adjusted double precision,
    ADD COLUMN missing_baseline double precision,
    ADD COLUMN missing_current double precision,
    ADD COLUMN missing_p double precision,
    ADD COLUMN missing_p_adjusted double precision,
    ADD COLUMN unseen_current double precision,
    ADD COLUMN unseen_p double precision,
    ADD COLUMN unseen_p_adjusted double precision,
    ADD COLUMN entropy_change double precision,
    ADD COLUMN entropy_low double precision,
    ADD COLUMN entropy_high double precision;

CREATE OR REPLACE VIEW drift.published_score AS
    SELECT tenant, rollout, feature, minute, baseline_n, current_n, psi, psi_corrected, p_warn, p_act, severity, at,
           provisional, verdict, needed, ks_d, ks_p, ks_p_adjusted, chi2_v, chi2_p, chi2_p_adjusted, missing_baseline,
           missing_current, missing_p, missing_p_adjusted, unseen_current, unseen_p, unseen_p_adjusted,
           entropy_change, entropy_low, entropy_high
    FROM drift.score;
