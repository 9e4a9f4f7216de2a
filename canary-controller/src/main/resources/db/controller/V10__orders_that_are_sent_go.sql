-- Why: orders that were sent stayed for ever, and after each start and each failure all that were ever written were gone
-- through to find the newest of each key. Now those that a newer one of the same key has followed are deleted an hour
-- after they were sent, and the newest of a key is found by index.
-- Operator impact: creates an index on controller.outbox (seconds for some million orders; stop controllers first, as with
-- every migration). Old orders are deleted a few thousand a minute after the next start.

CREATE INDEX outbox_newest ON controller.outbox (key, id DESC) WHERE sent_at IS NOT NULL;
