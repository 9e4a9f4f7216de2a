// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import java.util.List;

/// Records in the order of their sequences.
public record Page(long epoch, List<Stored> records) {
    /// One record as it is to be sent.
    @SuppressWarnings("ArrayRecordComponent")
    public record Stored(long seq, byte[] bytes) {}
}
