-- SPDX-License-Identifier: Apache-2.0
-- Tables with the names and columns of the published views, as docs/protocol.md has them.
CREATE SCHEMA IF NOT EXISTS controller;
CREATE SCHEMA IF NOT EXISTS evaluator;
CREATE SCHEMA IF NOT EXISTS drift;
CREATE TABLE controller.published_rollout (tenant text, workload text, rollout text, champion text, challenger text, phase text, stage int, stage_name text, share_bp int, revision bigint, plan jsonb, plan_hash text, created_at timestamptz, phase_since timestamptz, stage_since timestamptz, updated_at timestamptz, outcome text, last_decision text);
CREATE TABLE controller.published_decision (tenant text, rollout text, number bigint, at timestamptz, kind text, actor text, stage int, share_bp int, sentence text, detail jsonb, previous_hash text, hash text);
CREATE TABLE controller.published_verdict (tenant text, rollout text, guardrail text, title text, verdict text, estimand text, estimate double precision, low double precision, high double precision, threshold double precision, observations bigint, devices bigint, needed_observations bigint, needed_devices bigint, evidence double precision, evidence_limit double precision, sentence text, at timestamptz);
CREATE TABLE evaluator.published_evidence (tenant text, workload text, rollout text, stage int, cohort int, pairing_rate_bp int, escalated boolean, slice text, tally bytea, last_append_ms bigint);
CREATE VIEW evaluator.published_slice AS SELECT * FROM evaluator.published_evidence WHERE slice <> 'all';
CREATE TABLE evaluator.published_window (tenant text, workload text, rollout text, minute bigint, stage int, cohort int, slice text, tally bytea, closed boolean);
CREATE TABLE evaluator.published_account (tenant text, device text, kind text, epoch bigint, through bigint, counted bigint, late bigint, rejected bigint, dropped bigint, lost bigint, duplicates bigint, open_gaps bigint, last_seq bigint, imbalance bigint);
CREATE TABLE evaluator.published_counter (name text, amount bigint);
CREATE TABLE drift.published_score (tenant text, rollout text, feature text, minute bigint, baseline_n bigint, current_n bigint, psi double precision, psi_corrected double precision, p_warn double precision, p_act double precision, severity text, at timestamptz, provisional boolean, verdict text, needed bigint, ks_d double precision, ks_p double precision, ks_p_adjusted double precision, chi2_v double precision, chi2_p double precision, chi2_p_adjusted double precision, missing_baseline double precision, missing_current double precision, missing_p double precision, missing_p_adjusted double precision, unseen_current double precision, unseen_p double precision, unseen_p_adjusted double precision, entropy_change double precision, entropy_low double precision, entropy_high double precision);
CREATE TABLE drift.published_finding (tenant text, rollout text, finding text, feature text, severity text, opened_minute bigint, closed_minute bigint, sentence text, at timestamptz);
