// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.edgewise.contracts.Fault;

/// One record of a batch as it arrived.
public sealed interface Item<M extends Message> {
    /// Could be read; whether it may be counted is for {@link Admission} to say.
    record Decoded<M extends Message>(M record) implements Item<M> {}

    /// Could not be read. Epoch and sequence are 0 where they could not be read either.
    record Broken<M extends Message>(long epoch, long seq, Fault fault, ByteString record) implements Item<M> {}
}
