// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.v1.Observation;

/// One record of a batch as it arrived.
public sealed interface Item {
    /// Could be read; whether it may be counted is for {@link Admission} to say.
    record Decoded(Observation observation) implements Item {}

    /// Could not be read as an observation. Epoch and sequence are 0 where they could not be read either.
    record Broken(long epoch, long seq, String reason, ByteString record) implements Item {}
}
