-- Why: an instance counts in one book instead of one row per partition, so that a flush writes as many rows of evidence
-- as there are strata, not sixty-four times as many; and what a flush changed in device marks and blocks is one row of a
-- log per partition, moved to rows of their own from time to time. Windows are folded by one keeper into one row each,
-- rolled up to hours and days, and dropped by whole partitions.
-- Operator impact: drops and makes anew the tables of counts (no release has stored any); well under a second.

DROP VIEW evaluator.published_evidence;
DROP VIEW evaluator.published_window;
DROP VIEW evaluator.published_counter;
DROP TABLE evaluator.evidence;
DROP TABLE evaluator.window_delta;
DROP TABLE evaluator.closed_window;
DROP TABLE evaluator.counter;
TRUNCATE evaluator.lane, evaluator.device_mark, evaluator.device_block, evaluator.slice_value;

CREATE TABLE evaluator.book (
    book       integer     PRIMARY KEY,
    epoch      bigint      NOT NULL,
    owner      uuid        NOT NULL,
    flushed_at timestamptz NOT NULL
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500);

COMMENT ON TABLE evaluator.book IS
    'Who writes which book of counts. One whose owner has not flushed for a while goes to the next instance that starts.';

ALTER TABLE evaluator.lane
    ADD COLUMN counted    bigint NOT NULL DEFAULT 0,
    ADD COLUMN late       bigint NOT NULL DEFAULT 0,
    ADD COLUMN rejected   bigint NOT NULL DEFAULT 0,
    ADD COLUMN dropped    bigint NOT NULL DEFAULT 0,
    ADD COLUMN lost       bigint NOT NULL DEFAULT 0,
    ADD COLUMN duplicates bigint NOT NULL DEFAULT 0,
    ADD COLUMN open_gaps  bigint NOT NULL DEFAULT 0,
    ADD COLUMN last_seq   bigint NOT NULL DEFAULT 0;

CREATE TABLE evaluator.device_log (
    lane        integer NOT NULL,
    number      bigint  GENERATED ALWAYS AS IDENTITY,
    next_offset bigint  NOT NULL,
    part        bytea   NOT NULL,
    PRIMARY KEY (lane, number)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 2000,
        autovacuum_vacuum_insert_scale_factor = 0.2);

ALTER TABLE evaluator.device_log ALTER COLUMN part SET STORAGE EXTERNAL;

COMMENT ON TABLE evaluator.device_log IS
    'What flushes changed in device_mark and device_block since those rows were written: to be applied after them, in order.';

CREATE TABLE evaluator.evidence (
    tenant          text    NOT NULL,
    rollout         text    NOT NULL,
    workload        text    NOT NULL,
    book            integer NOT NULL,
    stage           integer NOT NULL,
    cohort          integer NOT NULL,
    pairing_rate_bp integer NOT NULL,
    escalated       boolean NOT NULL,
    slice           text    NOT NULL,
    tally           bytea   NOT NULL,
    last_append_ms  bigint  NOT NULL,
    PRIMARY KEY (tenant, rollout, workload, book, stage, cohort, pairing_rate_bp, escalated, slice)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);

CREATE TABLE evaluator.counter (
    writer integer NOT NULL,
    name   text    NOT NULL,
    amount bigint  NOT NULL,
    PRIMARY KEY (writer, name)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 500);

COMMENT ON COLUMN evaluator.counter.writer IS 'The number of a book; -1 - lane for what concerns one partition.';

CREATE TABLE evaluator.window_delta (
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

-- The keeper takes parts in this order, so that all parts of a window come together.
CREATE INDEX window_delta_by_minute ON evaluator.window_delta (minute, tenant, rollout, slice);
CREATE INDEX window_delta_by_rollout ON evaluator.window_delta (tenant, rollout, minute);

COMMENT ON TABLE evaluator.window_delta IS
    'What each flush added to windows; the keeper folds it into one row per window.';

-- One row per minute, hour and day. "start" counts minutes since 1970. Partitions are made when they are needed.
CREATE TABLE evaluator.window_minute (
    tenant   text    NOT NULL,
    rollout  text    NOT NULL,
    workload text    NOT NULL,
    slice    text    NOT NULL,
    stage    integer NOT NULL,
    cohort   integer NOT NULL,
    start    bigint  NOT NULL,
    tally    bytea   NOT NULL,
    figures  double precision[] NOT NULL,
    PRIMARY KEY (start, tenant, rollout, slice, workload, stage, cohort)
) PARTITION BY RANGE (start);

-- A chart: one slice of one rollout over time.
CREATE INDEX window_minute_by_slice ON evaluator.window_minute (tenant, rollout, slice, start);

CREATE TABLE evaluator.window_hour (LIKE evaluator.window_minute INCLUDING ALL) PARTITION BY RANGE (start);
CREATE TABLE evaluator.window_day (LIKE evaluator.window_minute INCLUDING ALL) PARTITION BY RANGE (start);

COMMENT ON COLUMN evaluator.window_minute.figures IS
    'What the tally says, as numbers: published_series names them. NULL where there is not enough data.';

CREATE TABLE evaluator.rollup_due (
    level    text   NOT NULL,
    start    bigint NOT NULL,
    tenant   text   NOT NULL,
    workload text   NOT NULL,
    rollout  text   NOT NULL,
    due_ms   bigint NOT NULL,
    PRIMARY KEY (level, start, tenant, workload, rollout)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 2000);

CREATE INDEX rollup_due_by_time ON evaluator.rollup_due (due_ms);

COMMENT ON TABLE evaluator.rollup_due IS
    'Hours and days whose row no longer says what their parts say, and when it is made again.';

CREATE TABLE evaluator.window_level (
    level          text   PRIMARY KEY,
    dropped_before bigint NOT NULL
);

INSERT INTO evaluator.window_level (level, dropped_before) VALUES ('minute', 0), ('hour', 0), ('day', 0);

COMMENT ON TABLE evaluator.window_level IS
    'Windows that start before this minute were dropped; what still comes for them counts in the level above.';

CREATE TABLE evaluator.disagreement (
    tenant      text    NOT NULL,
    rollout     text    NOT NULL,
    workload    text    NOT NULL,
    minute      bigint  NOT NULL,
    stage       integer NOT NULL,
    cohort      integer NOT NULL,
    chance      bigint  NOT NULL,
    observation bytea   NOT NULL
) PARTITION BY RANGE (minute);

CREATE INDEX disagreement_by_window ON evaluator.disagreement (tenant, rollout, minute);

COMMENT ON TABLE evaluator.disagreement IS
    'A uniform sample of the pairs that disagreed: those with the smallest hash of their id, per minute.';

-- Not partitioned: a flush must never fail for want of a minute's partition.
CREATE TABLE evaluator.disagreement_delta (
    tenant      text    NOT NULL,
    rollout     text    NOT NULL,
    workload    text    NOT NULL,
    minute      bigint  NOT NULL,
    stage       integer NOT NULL,
    cohort      integer NOT NULL,
    chance      bigint  NOT NULL,
    observation bytea   NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000,
        autovacuum_vacuum_insert_scale_factor = 0.2);

CREATE INDEX disagreement_delta_by_minute ON evaluator.disagreement_delta (minute);
CREATE INDEX disagreement_delta_by_rollout ON evaluator.disagreement_delta (tenant, rollout, minute);

COMMENT ON TABLE evaluator.disagreement_delta IS
    'What flushes drew for the samples: the smallest chances of a window and some more; the keeper moves and trims them.';

CREATE VIEW evaluator.published_evidence AS
SELECT tenant, workload, rollout, stage, cohort, pairing_rate_bp, escalated, slice,
       book AS partition, tally, last_append_ms
  FROM evaluator.evidence;

CREATE VIEW evaluator.published_window AS
SELECT tenant, workload, rollout, start AS minute, stage, cohort, slice, tally, true AS closed
  FROM evaluator.window_minute
 UNION ALL
SELECT tenant, workload, rollout, minute, stage, cohort, slice, tally, false AS closed
  FROM evaluator.window_delta;

CREATE VIEW evaluator.published_lane AS
SELECT topic, partition, next_offset, counted, late, rejected, dropped, lost, duplicates, open_gaps, last_seq,
       last_seq - counted - late - rejected - dropped - lost - open_gaps AS imbalance
  FROM evaluator.lane;

CREATE VIEW evaluator.published_counter AS
SELECT name, sum(amount)::bigint AS amount
  FROM evaluator.counter
 GROUP BY name;
