-- Why: what devices tell of themselves (the directive they obey, crashes, breakers, silence) is evidence, and a roll-back
-- is followed until they have confirmed it.
-- Operator impact: columns with constant defaults on a table that nothing wrote to so far, two small new tables, a view
-- made anew; milliseconds.

-- The agent's own totals as they were told last, whether it said goodbye, and whether it has been seen for long enough.
ALTER TABLE controller.device
    ADD COLUMN crashes bigint  NOT NULL DEFAULT 0,
    ADD COLUMN opened  bigint  NOT NULL DEFAULT 0,
    ADD COLUMN closed  boolean NOT NULL DEFAULT false,
    ADD COLUMN settled boolean NOT NULL DEFAULT false;

-- Devices counted by the stage in which each was first heard of: they only grow, as evidence must.
CREATE TABLE controller.told (
    rollout text   NOT NULL REFERENCES controller.rollout (rollout),
    stage   int    NOT NULL,
    known   bigint NOT NULL,
    crashed bigint NOT NULL,
    broke   bigint NOT NULL,
    silent  bigint NOT NULL,
    settled bigint NOT NULL,
    PRIMARY KEY (rollout, stage)
);

-- Since when statuses have come without a break: where none come at all, nobody is silent.
CREATE TABLE controller.device_feed (
    one         int         PRIMARY KEY CHECK (one = 1),
    alive_since timestamptz NOT NULL,
    heard_at    timestamptz NOT NULL
);

-- Of a rollout's devices, those that do not obey its newest directive and may still act by an older one: by an approval,
-- which needs no lease, or by a lease that may be alive. Awaited are those of them that were heard of in the last minute.
CREATE FUNCTION controller.fleet_of(asked text, at timestamptz)
RETURNS TABLE (known bigint, unconfirmed bigint, awaited bigint, approved bigint, crashed bigint, broke bigint,
               silent bigint, returned_by timestamptz)
LANGUAGE sql STABLE AS $$
    WITH r AS (
        SELECT r.tenant, r.workload, r.rollout, r.revision,
               CASE WHEN r.phase IN ('rolling_back', 'rolled_back', 'aborted') THEN r.phase_since + make_interval(
                   mins => (p.body::jsonb ->> 'leaseMinutes')::int,
                   secs => (p.body::jsonb ->> 'returnSpreadSeconds')::int + (p.body::jsonb ->> 'freshnessSeconds')::int)
               END AS returned_by
        FROM controller.rollout r JOIN controller.plan p ON p.hash = r.plan_hash
        WHERE r.rollout = asked
    ), d AS (
        SELECT d.*, r.returned_by,
               d.revision < r.revision
                   AND (d.mode = 'approved' OR r.returned_by IS NULL OR at < r.returned_by) AS open
        FROM r JOIN controller.device d ON (d.tenant, d.workload, d.rollout) = (r.tenant, r.workload, r.rollout)
    )
    SELECT count(*),
           count(*) FILTER (WHERE open),
           count(*) FILTER (WHERE open AND NOT closed AND told_at >= at - interval '60 seconds'),
           count(*) FILTER (WHERE open AND mode = 'approved'),
           count(*) FILTER (WHERE crashed),
           count(*) FILTER (WHERE broke),
           count(*) FILTER (WHERE silent),
           (SELECT r.returned_by FROM r)
    FROM d
$$;

DROP VIEW controller.published_device;
CREATE VIEW controller.published_device AS
SELECT tenant, workload, rollout, device, revision, mode, fallback, told_at, crashed, broke, silent, closed
FROM controller.device;

CREATE VIEW controller.published_fleet AS
SELECT r.tenant, r.workload, r.rollout, f.known, f.unconfirmed, f.awaited, f.approved, f.crashed, f.broke, f.silent,
       f.returned_by, r.alpha_spent, (p.body::jsonb ->> 'alphaRollback')::double precision AS alpha
FROM controller.rollout r
JOIN controller.plan p ON p.hash = r.plan_hash
CROSS JOIN LATERAL controller.fleet_of(r.rollout, now()) f;
