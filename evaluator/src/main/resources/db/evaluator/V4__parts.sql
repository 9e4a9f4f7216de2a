-- Why: every flush rewrote the evidence row of each key that it touched, which was most of what PostgreSQL did and set how
-- soon a count could be read. Now a flush appends one row per stratum and minute, which evidence and windows share; the
-- keeper adds it to one row of evidence per key (not one per book) and to the parts of windows, some seconds later.
-- Readers add up both, in one statement.
-- Operator impact: rewrites evaluator.evidence into one row per key (as long as it takes to read it); stop evaluators
-- first, as with every migration.

DROP VIEW evaluator.published_evidence;
DROP VIEW evaluator.published_window;

CREATE TABLE evaluator.part (
    number               bigint   GENERATED ALWAYS AS IDENTITY,
    tenant               text     NOT NULL,
    rollout              text     NOT NULL,
    workload             text     NOT NULL,
    stage                integer  NOT NULL,
    cohort               integer  NOT NULL,
    pairing_rate_bp      integer  NOT NULL,
    escalated            boolean  NOT NULL,
    minute               bigint,
    counted              bytea    NOT NULL,
    shown                bytea    NOT NULL,
    last_append_ms       bigint   NOT NULL,
    slices               text[]   NOT NULL,
    slice_counted        bytea[]  NOT NULL,
    slice_shown          bytea[]  NOT NULL,
    slice_last_append_ms bigint[] NOT NULL,
    PRIMARY KEY (tenant, rollout, number)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 2000,
        autovacuum_vacuum_insert_scale_factor = 0.2);

-- They live for seconds: not worth packing.
ALTER TABLE evaluator.part
    ALTER COLUMN counted SET STORAGE EXTERNAL, ALTER COLUMN shown SET STORAGE EXTERNAL,
    ALTER COLUMN slice_counted SET STORAGE EXTERNAL, ALTER COLUMN slice_shown SET STORAGE EXTERNAL;

COMMENT ON TABLE evaluator.part IS
    'What each flush added: evidence (unless rollout is empty) and windows (unless minute is null). "counted" is in both,'
    ' "shown" in windows only. These two are of the slice "all", which is read most; the arrays, which are parallel, of the'
    ' other slices.';

-- Rows of several books are added up in the first fold after the migration: until then they are parts.
INSERT INTO evaluator.part (tenant, rollout, workload, stage, cohort, pairing_rate_bp, escalated, counted, shown,
                            last_append_ms, slices, slice_counted, slice_shown, slice_last_append_ms)
SELECT tenant, rollout, workload, stage, cohort, pairing_rate_bp, escalated,
       coalesce((array_agg(tally) FILTER (WHERE slice = 'all'))[1], '\x01'), '',
       coalesce(max(last_append_ms) FILTER (WHERE slice = 'all'), 0),
       coalesce(array_agg(slice ORDER BY slice) FILTER (WHERE slice <> 'all'), '{}'),
       coalesce(array_agg(tally ORDER BY slice) FILTER (WHERE slice <> 'all'), '{}'),
       coalesce(array_agg(''::bytea) FILTER (WHERE slice <> 'all'), '{}'),
       coalesce(array_agg(last_append_ms ORDER BY slice) FILTER (WHERE slice <> 'all'), '{}')
  FROM evaluator.evidence
 GROUP BY book, tenant, rollout, workload, stage, cohort, pairing_rate_bp, escalated;

DROP TABLE evaluator.evidence;

CREATE TABLE evaluator.evidence (
    tenant          text    NOT NULL,
    rollout         text    NOT NULL,
    workload        text    NOT NULL,
    stage           integer NOT NULL,
    cohort          integer NOT NULL,
    pairing_rate_bp integer NOT NULL,
    escalated       boolean NOT NULL,
    slice           text    NOT NULL,
    tally           bytea   NOT NULL,
    last_append_ms  bigint  NOT NULL,
    PRIMARY KEY (tenant, rollout, workload, stage, cohort, pairing_rate_bp, escalated, slice)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);

COMMENT ON TABLE evaluator.evidence IS
    'All that was ever counted for a key, but for what evaluator.part still holds of it.';

-- Whoever asks for the slice "all" does not touch the arrays: they are taken apart by place, after the slice was chosen.
CREATE VIEW evaluator.published_evidence AS
SELECT tenant, workload, rollout, stage, cohort, pairing_rate_bp, escalated, slice, tally, last_append_ms
  FROM evaluator.evidence
 UNION ALL
SELECT tenant, workload, rollout, stage, cohort, pairing_rate_bp, escalated, 'all' AS slice, counted AS tally,
       last_append_ms
  FROM evaluator.part
 WHERE rollout <> ''
 UNION ALL
SELECT part.tenant, part.workload, part.rollout, part.stage, part.cohort, part.pairing_rate_bp, part.escalated,
       named.slice, part.slice_counted[named.place] AS tally, part.slice_last_append_ms[named.place] AS last_append_ms
  FROM evaluator.part
 CROSS JOIN LATERAL unnest(part.slices) WITH ORDINALITY AS named(slice, place)
 WHERE part.rollout <> '';

-- For pages: bounded by the number of slices, whatever waits to be added.
CREATE VIEW evaluator.published_slice AS
SELECT tenant, workload, rollout, stage, cohort, pairing_rate_bp, escalated, slice, tally, last_append_ms
  FROM evaluator.evidence
 WHERE slice <> 'all';

CREATE VIEW evaluator.published_window AS
SELECT tenant, workload, rollout, start AS minute, stage, cohort, slice, tally, true AS closed
  FROM evaluator.window_minute
 UNION ALL
SELECT tenant, workload, rollout, minute, stage, cohort, slice, tally, false AS closed
  FROM evaluator.window_delta
 UNION ALL
SELECT tenant, workload, rollout, minute, stage, cohort, 'all' AS slice, counted AS tally, false AS closed
  FROM evaluator.part
 WHERE minute IS NOT NULL
 UNION ALL
SELECT tenant, workload, rollout, minute, stage, cohort, 'all' AS slice, shown AS tally, false AS closed
  FROM evaluator.part
 WHERE minute IS NOT NULL AND shown <> ''
 UNION ALL
SELECT part.tenant, part.workload, part.rollout, part.minute, part.stage, part.cohort, named.slice,
       part.slice_counted[named.place] AS tally, false AS closed
  FROM evaluator.part
 CROSS JOIN LATERAL unnest(part.slices) WITH ORDINALITY AS named(slice, place)
 WHERE part.minute IS NOT NULL
 UNION ALL
SELECT part.tenant, part.workload, part.rollout, part.minute, part.stage, part.cohort, named.slice,
       part.slice_shown[named.place] AS tally, false AS closed
  FROM evaluator.part
 CROSS JOIN LATERAL unnest(part.slices) WITH ORDINALITY AS named(slice, place)
 WHERE part.minute IS NOT NULL AND part.slice_shown[named.place] <> '';
