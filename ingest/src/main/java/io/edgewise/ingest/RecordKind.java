// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.edgewise.contracts.DeviceSecrets.Principal;
import io.edgewise.contracts.Fault;
import java.util.List;
import java.util.Optional;

/// A kind of record that a device sends in a dense sequence of its own: where its identity stands, what is wrong with
/// it, and how one that will never arrive is declared.
public interface RecordKind<M extends Message> {
    /// In messages to people, for example "observations".
    String plural();

    String topic();

    /// Value of the record header `schema`.
    String schema();

    Parser<M> parser();

    Message.Builder builder();

    /// Number of the field with the sequence's random epoch, a fixed64.
    int epochField();

    /// Number of the field with the place in the sequence, a varint.
    int seqField();

    /// The epoch's name in proto3-JSON.
    String epochName();

    long epoch(M record);

    long seq(M record);

    /// The same record, with the principal where it names nobody.
    M named(M record, Principal principal);

    /// Why it is not the principal's to send; empty when it is.
    List<Fault> foreign(M record, Principal principal);

    /// A field that names somebody else than the token does.
    static Fault foreign(String field, String own) {
        return new Fault(
                "principal",
                field,
                "names another than the token, which is of \"" + own + "\"; leave it out, or use the other's token");
    }

    /// All that is wrong with it.
    List<Fault> faults(M record, long nowMs);

    /// Says in the principal's name that this sequence will never arrive. `rejected` is what came in its place, where
    /// that could be read.
    M dropped(Principal principal, Gap gap, Optional<M> rejected);

    /// A sequence that will never arrive, since when, and why.
    record Gap(long epoch, long seq, String reason, long nowMs) {}
}
