-- Why: human and registry acts have a chain of their own; signed checkpoints hold the heads of all chains; events can be
-- read in order; tokens say who calls; a stop keeps everything at the champion; repeated requests are answered once;
-- what devices tell of themselves is counted.
-- Operator impact: new tables only; no locks on existing data.

-- One chain per tenant.
CREATE TABLE controller.tenant_act (
    tenant        text        NOT NULL,
    number        bigint      NOT NULL CHECK (number >= 1),
    at            timestamptz NOT NULL,
    kind          text        NOT NULL,
    actor         text        NOT NULL,
    sentence      text        NOT NULL,
    detail        text        NOT NULL,
    previous_hash text        NOT NULL,
    hash          text        NOT NULL,
    PRIMARY KEY (tenant, number)
);
CREATE TRIGGER act_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON controller.tenant_act
    FOR EACH STATEMENT EXECUTE FUNCTION controller.refuse_change();

-- Whoever appends holds its row.
CREATE TABLE controller.tenant_head (
    tenant text   PRIMARY KEY,
    number bigint NOT NULL,
    hash   text   NOT NULL
);

CREATE TABLE controller.checkpoint (
    tenant        text        NOT NULL,
    number        bigint      NOT NULL CHECK (number >= 1),
    at            timestamptz NOT NULL,
    heads         text        NOT NULL,
    previous_hash text        NOT NULL,
    hash          text        NOT NULL,
    key_id        text        NOT NULL,
    signature     bytea       NOT NULL,
    PRIMARY KEY (tenant, number)
);
CREATE TRIGGER checkpoint_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON controller.checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION controller.refuse_change();

-- What happened, for whoever follows: read in the order of (xid, id) and only below the oldest open transaction, nothing
-- is missed and nothing comes twice.
CREATE TABLE controller.event (
    id      bigint GENERATED ALWAYS AS IDENTITY,
    xid     xid8        NOT NULL DEFAULT pg_current_xact_id(),
    tenant  text        NOT NULL,
    rollout text        NOT NULL,
    number  bigint      NOT NULL,
    at      timestamptz NOT NULL,
    kind    text        NOT NULL,
    body    text        NOT NULL,
    PRIMARY KEY (xid, id)
);

-- Only the hash of a token is kept.
CREATE TABLE controller.token (
    id         text        PRIMARY KEY,
    tenant     text        NOT NULL,
    name       text        NOT NULL,
    role       text        NOT NULL CHECK (role IN ('viewer', 'operator', 'approver', 'admin')),
    sha256     text        NOT NULL UNIQUE,
    created_by text        NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);

-- An empty workload stops all of them.
CREATE TABLE controller.stop (
    tenant     text        NOT NULL,
    workload   text        NOT NULL,
    who        text        NOT NULL,
    why        text        NOT NULL,
    stopped_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, workload)
);

CREATE TABLE controller.request (
    tenant  text        NOT NULL,
    key     text        NOT NULL,
    digest  text        NOT NULL,
    answer  text        NOT NULL,
    at      timestamptz NOT NULL,
    PRIMARY KEY (tenant, key)
);
CREATE INDEX request_old ON controller.request (at);

-- What a device last told of a workload, and what was ever seen of it in this rollout.
CREATE TABLE controller.device (
    tenant     text        NOT NULL,
    workload   text        NOT NULL,
    device     text        NOT NULL,
    rollout    text        NOT NULL,
    revision   bigint      NOT NULL,
    mode       text        NOT NULL,
    fallback   text        NOT NULL,
    told_at    timestamptz NOT NULL,
    first_at   timestamptz NOT NULL,
    stage      int         NOT NULL,
    crashed    boolean     NOT NULL DEFAULT false,
    broke      boolean     NOT NULL DEFAULT false,
    silent     boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (tenant, workload, rollout, device)
);

CREATE VIEW controller.published_act AS
SELECT tenant, number, at, kind, actor, sentence, detail::jsonb AS detail, previous_hash, hash FROM controller.tenant_act;

CREATE VIEW controller.published_stop AS
SELECT tenant, workload, who, why, stopped_at FROM controller.stop;

CREATE VIEW controller.published_device AS
SELECT tenant, workload, rollout, device, revision, mode, fallback, told_at, crashed, broke, silent
FROM controller.device;
