-- Why: devices of a completed hybrid rollout act without a lease in the mode canary; a roll-back of it must follow them
-- until they have confirmed, as it follows those of an approval.
-- Operator impact: a new function and one made anew; milliseconds.

-- From which revision on the devices of a hybrid rollout need no lease: that of its completion. NULL where none is.
CREATE FUNCTION controller.unleased_from(asked text, plan text) RETURNS bigint
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN coalesce((plan::jsonb ->> 'hybrid')::boolean, false) THEN (
        SELECT max(c.revision) FROM controller.decision c
        WHERE c.rollout = asked AND c.kind IN ('completed', 'overridden')
          AND c.detail::jsonb ->> 'to' LIKE 'completed:%') END
$$;

CREATE OR REPLACE FUNCTION controller.fleet_of(asked text, at timestamptz)
RETURNS TABLE (known bigint, unconfirmed bigint, awaited bigint, approved bigint, crashed bigint, broke bigint,
               silent bigint, returned_by timestamptz)
LANGUAGE sql STABLE AS $$
    WITH r AS (
        SELECT r.tenant, r.workload, r.rollout, r.revision,
               controller.unleased_from(r.rollout, p.body) AS unleased_from,
               CASE WHEN r.phase IN ('rolling_back', 'rolled_back', 'aborted') THEN r.phase_since + make_interval(
                   mins => (p.body::jsonb ->> 'leaseMinutes')::int,
                   secs => (p.body::jsonb ->> 'returnSpreadSeconds')::int + (p.body::jsonb ->> 'freshnessSeconds')::int)
               END AS returned_by
        FROM controller.rollout r JOIN controller.plan p ON p.hash = r.plan_hash
        WHERE r.rollout = asked
    ), told AS (
        SELECT d.*, r.returned_by, r.revision AS newest,
               d.mode = 'approved' OR d.mode = 'canary' AND coalesce(d.revision >= r.unleased_from, false) AS unleased
        FROM r JOIN controller.device d ON (d.tenant, d.workload, d.rollout) = (r.tenant, r.workload, r.rollout)
    ), d AS (
        SELECT told.*,
               told.revision < newest AND (unleased OR told.returned_by IS NULL OR at < told.returned_by) AS open
        FROM told
    )
    SELECT count(*),
           count(*) FILTER (WHERE open),
           count(*) FILTER (WHERE open AND NOT closed AND told_at >= at - interval '60 seconds'),
           count(*) FILTER (WHERE open AND unleased),
           count(*) FILTER (WHERE crashed),
           count(*) FILTER (WHERE broke),
           count(*) FILTER (WHERE silent),
           (SELECT r.returned_by FROM r)
    FROM d
$$;
