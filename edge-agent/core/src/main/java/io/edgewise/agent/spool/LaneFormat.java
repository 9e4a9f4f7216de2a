// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import io.edgewise.contracts.v1.SeqRange;
import java.util.List;

/// How the records of a lane carry their identity. The spool itself knows bytes only.
public interface LaneFormat {
    /// Where a record stands: its sequence and the sequences declared as dropped up to and including it.
    record Place(long epoch, long seq, long dropped) {}

    /// The record as it will be sent.
    byte[] stamp(byte[] body, Place place);

    /// A record that declares these sequences as never arriving. Its own is the last of them.
    byte[] drops(List<SeqRange> ranges, String reason, Place place);

    /// What such a record declares.
    Declared dropsIn(byte[] record);

    /// Sequences, and why they will never arrive.
    record Declared(List<SeqRange> ranges, String reason) {}
}
