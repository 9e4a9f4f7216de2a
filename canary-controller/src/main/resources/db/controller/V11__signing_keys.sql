-- Why: the key that orders are signed with can be replaced. What devices are told of keys must be known to every instance,
-- and stays: a device that was away takes one set after the other. Private keys are in the secrets folder, never here.
-- Operator impact: two new, small tables; milliseconds. Until the first rotation they are empty and nothing changes.

CREATE TABLE controller.signing_key (
    tenant     text   NOT NULL,
    id         text   NOT NULL,
    -- Ed25519, X.509 (DER).
    public_key bytea  NOT NULL,
    -- The version of the first set that names it; 0: devices are set up with it.
    since      bigint NOT NULL CHECK (since >= 0),
    -- The version of the first set that names it no more.
    retired    bigint CHECK (retired > since),
    PRIMARY KEY (tenant, id)
);

CREATE TABLE controller.key_set (
    tenant  text        NOT NULL,
    version bigint      NOT NULL CHECK (version >= 1),
    signed  bytea       NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, version)
);
CREATE TRIGGER key_set_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON controller.key_set
    FOR EACH STATEMENT EXECUTE FUNCTION controller.refuse_change();
