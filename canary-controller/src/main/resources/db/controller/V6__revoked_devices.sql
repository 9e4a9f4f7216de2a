-- Why: a device's token is derived and kept nowhere, so one that leaked is known by this list only.
-- Operator impact: one new, small table; milliseconds.

CREATE TABLE controller.revoked_device (
    tenant     text        NOT NULL,
    device     text        NOT NULL,
    who        text        NOT NULL,
    why        text        NOT NULL,
    revoked_at timestamptz NOT NULL,
    PRIMARY KEY (tenant, device)
);
