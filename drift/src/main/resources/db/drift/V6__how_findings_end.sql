-- SPDX-License-Identifier: Apache-2.0
-- How a finding ended: with calm windows, or because nothing more was seen of its feature and slice.
ALTER TABLE drift.finding ADD COLUMN ending text CHECK (ending IN ('calm', 'silent'));
UPDATE drift.finding SET ending = 'calm' WHERE closed_minute IS NOT NULL;

CREATE OR REPLACE VIEW drift.published_finding AS
    SELECT tenant, rollout, finding, feature, severity, opened_minute, closed_minute, sentence, at, workload, slice,
           last_minute, moved, baseline, ending
    FROM drift.finding;
