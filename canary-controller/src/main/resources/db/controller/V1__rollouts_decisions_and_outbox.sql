-- Why: the controller's state: what is rolled out, by which plan, on what evidence, every decision and its orders.
-- Operator impact: creates new tables only; no locks on existing data, runs in well under a second.

CREATE TABLE controller.workload (
    tenant     text        NOT NULL,
    name       text        NOT NULL,
    version    int         NOT NULL CHECK (version >= 1),
    definition text        NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, name, version)
);

CREATE TABLE controller.build (
    tenant       text        NOT NULL,
    name         text        NOT NULL,
    workload     text        NOT NULL,
    artifacts    text        NOT NULL,
    quantization text        NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant, name)
);

-- Plans by the hash of what they say; never changed.
CREATE TABLE controller.plan (
    hash text PRIMARY KEY,
    body text NOT NULL
);

-- The last revision given out for a workload: a device's floor is per workload.
CREATE TABLE controller.revision (
    tenant   text   NOT NULL,
    workload text   NOT NULL,
    last     bigint NOT NULL,
    PRIMARY KEY (tenant, workload)
);

-- The present state of each rollout: a cache of its decision log. Whoever works on one holds its row lock.
CREATE TABLE controller.rollout (
    rollout              text        PRIMARY KEY,
    tenant               text        NOT NULL,
    workload             text        NOT NULL,
    champion             text        NOT NULL,
    champion_kind        text        NOT NULL CHECK (champion_kind IN ('frontier', 'build')),
    champion_artifacts   text        NOT NULL,
    challenger           text        NOT NULL,
    challenger_artifacts text        NOT NULL,
    plan_hash            text        NOT NULL REFERENCES controller.plan (hash),
    phase                text        NOT NULL,
    stage                int         NOT NULL,
    share_bp             int         NOT NULL CHECK (share_bp BETWEEN 0 AND 10000),
    outcome              text,
    revision             bigint      NOT NULL,
    decisions            bigint      NOT NULL,
    last_hash            text        NOT NULL,
    last_decision        text        NOT NULL,
    outlook              text        NOT NULL,
    noted                text        NOT NULL,
    lease_issue          bigint      NOT NULL,
    lease_at             timestamptz NOT NULL,
    created_at           timestamptz NOT NULL,
    phase_since          timestamptz NOT NULL,
    stage_since          timestamptz NOT NULL,
    deadline             timestamptz NOT NULL,
    decided_at           timestamptz NOT NULL,
    updated_at           timestamptz NOT NULL,
    looked_at            timestamptz NOT NULL,
    next_look_at         timestamptz NOT NULL,
    alarm                boolean     NOT NULL DEFAULT false,
    trouble              text        NOT NULL DEFAULT ''
);

-- At most one rollout at a time changes what a workload's devices do.
CREATE UNIQUE INDEX rollout_running ON controller.rollout (tenant, workload) WHERE outcome IS NULL;
CREATE INDEX rollout_due ON controller.rollout (next_look_at) WHERE outcome IS NULL;
CREATE INDEX rollout_of_tenant ON controller.rollout (tenant, created_at DESC);

-- The list every sequential test is a function of.
CREATE TABLE controller.evidence_block (
    rollout   text   NOT NULL REFERENCES controller.rollout (rollout),
    number    bigint NOT NULL CHECK (number >= 1),
    cut_at_ms bigint NOT NULL,
    body      bytea  NOT NULL,
    PRIMARY KEY (rollout, number)
);

CREATE TABLE controller.decision (
    rollout       text        NOT NULL REFERENCES controller.rollout (rollout),
    number        bigint      NOT NULL CHECK (number >= 1),
    tenant        text        NOT NULL,
    at            timestamptz NOT NULL,
    kind          text        NOT NULL,
    actor         text        NOT NULL,
    stage         int         NOT NULL,
    share_bp      int         NOT NULL,
    revision      bigint      NOT NULL,
    sentence      text        NOT NULL,
    detail        text        NOT NULL,
    previous_hash text        NOT NULL,
    hash          text        NOT NULL,
    PRIMARY KEY (rollout, number)
);

CREATE TABLE controller.verdict (
    rollout             text             NOT NULL REFERENCES controller.rollout (rollout),
    position            int              NOT NULL,
    guardrail           text             NOT NULL,
    title               text             NOT NULL,
    verdict             text             NOT NULL,
    estimand            text             NOT NULL,
    estimate            double precision,
    low                 double precision,
    high                double precision,
    threshold           double precision NOT NULL,
    observations        bigint           NOT NULL,
    devices             bigint           NOT NULL,
    needed_observations bigint,
    needed_devices      bigint,
    evidence            double precision,
    evidence_limit      double precision,
    sentence            text             NOT NULL,
    at                  timestamptz      NOT NULL,
    PRIMARY KEY (rollout, guardrail)
);

-- Orders on their way to Kafka, in the order of `id` for each key.
CREATE TABLE controller.outbox (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key        text        NOT NULL,
    value      bytea       NOT NULL,
    created_at timestamptz NOT NULL,
    sent_at    timestamptz
);
CREATE INDEX outbox_waiting ON controller.outbox (id) WHERE sent_at IS NULL;

CREATE FUNCTION controller.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of controller.% is refused: what was decided and on what evidence is never changed',
        TG_OP, TG_TABLE_NAME;
END
$$;

CREATE TRIGGER decision_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON controller.decision
    FOR EACH STATEMENT EXECUTE FUNCTION controller.refuse_change();
CREATE TRIGGER evidence_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON controller.evidence_block
    FOR EACH STATEMENT EXECUTE FUNCTION controller.refuse_change();
CREATE TRIGGER plan_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON controller.plan
    FOR EACH STATEMENT EXECUTE FUNCTION controller.refuse_change();

CREATE VIEW controller.published_rollout AS
SELECT r.tenant, r.workload, r.rollout, r.champion, r.challenger, r.phase, r.stage,
       p.body::jsonb -> 'stages' -> r.stage ->> 'name' AS stage_name,
       r.share_bp, r.revision, p.body::jsonb AS plan, r.plan_hash, r.created_at, r.phase_since, r.stage_since,
       r.updated_at, r.outcome, r.last_decision
FROM controller.rollout r JOIN controller.plan p ON p.hash = r.plan_hash;

CREATE VIEW controller.published_decision AS
SELECT tenant, rollout, number, at, kind, actor, stage, share_bp, sentence, detail::jsonb AS detail, previous_hash, hash
FROM controller.decision;

CREATE VIEW controller.published_verdict AS
SELECT r.tenant, v.rollout, v.guardrail, v.title, v.verdict, v.estimand, v.estimate, v.low, v.high, v.threshold,
       v.observations, v.devices, v.needed_observations, v.needed_devices, v.evidence, v.evidence_limit, v.sentence,
       v.at
FROM controller.verdict v JOIN controller.rollout r USING (rollout);
