-- Why: offsets, device marks, evidence and windows live in one database, so that one transaction moves all of them and
-- every observation is counted exactly once. A "lane" is one partition of one topic; 0..63 observations, 64..127
-- feedback. Only the lane's owner (epoch and owner token of evaluator.lane) writes rows of the lane.
-- Operator impact: creates tables and views in a schema of its own; takes no lock on anything that exists; well under a
-- second. Rows of lane, evidence, device_mark and counter are updated up to four times a second: their fill factors leave
-- room for updates in place, and autovacuum is told to visit them early.

CREATE TABLE evaluator.lane (
    lane           integer PRIMARY KEY,
    topic          text    NOT NULL,
    partition      integer NOT NULL,
    epoch          bigint  NOT NULL,
    owner          uuid    NOT NULL,
    next_offset    bigint  NOT NULL,
    last_append_ms bigint  NOT NULL,
    UNIQUE (topic, partition)
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500);

COMMENT ON TABLE evaluator.lane IS
    'Where each partition is read next, and who may write. A new owner raises the epoch; a flush with another is refused.';

CREATE TABLE evaluator.device_mark (
    lane       integer NOT NULL,
    tenant     text    NOT NULL,
    sender     text    NOT NULL,
    epoch      bigint  NOT NULL,
    through    bigint  NOT NULL,
    ranges     bytea   NOT NULL,
    counted    bigint  NOT NULL,
    late       bigint  NOT NULL,
    rejected   bigint  NOT NULL,
    dropped    bigint  NOT NULL,
    lost       bigint  NOT NULL,
    duplicates bigint  NOT NULL,
    open_gaps  bigint  NOT NULL,
    last_seq   bigint  NOT NULL,
    PRIMARY KEY (lane, tenant, sender, epoch)
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);

COMMENT ON TABLE evaluator.device_mark IS
    'Per spool: all sequences up to "through" are accounted for, and those in "ranges" (pairs of 8-byte numbers) above it.';

CREATE TABLE evaluator.device_block (
    lane     integer NOT NULL,
    tenant   text    NOT NULL,
    workload text    NOT NULL,
    rollout  text    NOT NULL,
    device   text    NOT NULL,
    state    bytea   NOT NULL,
    PRIMARY KEY (lane, tenant, workload, rollout, device)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);

COMMENT ON TABLE evaluator.device_block IS
    'Per device and rollout: the strata it was seen in and its open and closed blocks, one per guardrail.';

CREATE TABLE evaluator.evidence (
    tenant          text    NOT NULL,
    rollout         text    NOT NULL,
    workload        text    NOT NULL,
    lane            integer NOT NULL,
    stage           integer NOT NULL,
    cohort          integer NOT NULL,
    pairing_rate_bp integer NOT NULL,
    escalated       boolean NOT NULL,
    slice           text    NOT NULL,
    tally           bytea   NOT NULL,
    last_append_ms  bigint  NOT NULL,
    PRIMARY KEY (tenant, rollout, workload, lane, stage, cohort, pairing_rate_bp, escalated, slice)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);

CREATE INDEX evidence_by_lane ON evaluator.evidence (lane);

CREATE TABLE evaluator.window_delta (
    lane     integer NOT NULL,
    tenant   text    NOT NULL,
    workload text    NOT NULL,
    rollout  text    NOT NULL,
    minute   bigint  NOT NULL,
    stage    integer NOT NULL,
    cohort   integer NOT NULL,
    slice    text    NOT NULL,
    tally    bytea   NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_insert_scale_factor = 0.2);

CREATE INDEX window_delta_by_lane ON evaluator.window_delta (lane, minute);
CREATE INDEX window_delta_by_rollout ON evaluator.window_delta (tenant, rollout, minute);

COMMENT ON TABLE evaluator.window_delta IS
    'What each flush added to windows; folded into one row per window and lane when the minute has had its grace.';

CREATE TABLE evaluator.closed_window (
    tenant   text    NOT NULL,
    rollout  text    NOT NULL,
    minute   bigint  NOT NULL,
    lane     integer NOT NULL,
    workload text    NOT NULL,
    stage    integer NOT NULL,
    cohort   integer NOT NULL,
    slice    text    NOT NULL,
    tally    bytea   NOT NULL,
    PRIMARY KEY (tenant, rollout, minute, lane, workload, stage, cohort, slice)
);

CREATE TABLE evaluator.slice_value (
    tenant    text NOT NULL,
    rollout   text NOT NULL,
    attribute text NOT NULL,
    value     text NOT NULL,
    PRIMARY KEY (tenant, rollout, attribute, value)
);

COMMENT ON TABLE evaluator.slice_value IS
    'The values of slice attributes that are counted by name; further ones are counted as "other".';

CREATE TABLE evaluator.counter (
    lane   integer NOT NULL,
    name   text    NOT NULL,
    amount bigint  NOT NULL,
    PRIMARY KEY (lane, name)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500);

CREATE VIEW evaluator.published_evidence AS
SELECT tenant, workload, rollout, stage, cohort, pairing_rate_bp, escalated, slice,
       lane AS partition, tally, last_append_ms
  FROM evaluator.evidence;

CREATE VIEW evaluator.published_window AS
SELECT tenant, workload, rollout, minute, stage, cohort, slice, tally, true AS closed
  FROM evaluator.closed_window
 UNION ALL
SELECT tenant, workload, rollout, minute, stage, cohort, slice, tally, false AS closed
  FROM evaluator.window_delta;

CREATE VIEW evaluator.published_account AS
SELECT tenant, sender AS device,
       CASE WHEN lane < 64 THEN 'observation' ELSE 'feedback' END AS kind,
       epoch, through, counted, late, rejected, dropped, lost, duplicates, open_gaps, last_seq,
       last_seq - counted - late - rejected - dropped - lost - open_gaps AS imbalance
  FROM evaluator.device_mark;

CREATE VIEW evaluator.published_counter AS
SELECT name, sum(amount)::bigint AS amount
  FROM evaluator.counter
 GROUP BY name;
