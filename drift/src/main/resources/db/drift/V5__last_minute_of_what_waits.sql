-- SPDX-License-Identifier: Apache-2.0
-- Minutes are judged in the order in which they close: the newest that waits is not always the one that came last.
ALTER TABLE drift.pending ADD COLUMN last_minute bigint;
