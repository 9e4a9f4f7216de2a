// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import com.google.protobuf.ByteString;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.edgewise.contracts.Fault;
import io.edgewise.contracts.FeedbackFaults;
import io.edgewise.contracts.ObservationFaults;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.evaluator.wire.Request;
import io.edgewise.evaluator.wire.WireReader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Decodes the records of one lane and says what is wrong with them: the schema, the size, the bytes, the content, and
/// whether sender, key and partition belong together.
final class Intake {
    private static final int MAJOR = 1;

    private final LaneId lane;
    private final int partitions;
    private final Senders senders;
    private final WireReader reader;

    Intake(LaneId lane, int partitions, Senders senders, WireReader reader) {
        this.lane = lane;
        this.partitions = partitions;
        this.senders = senders;
        this.reader = reader;
    }

    /// What a record turned out to be.
    sealed interface Found permits Requested, Dropped, Answered, Bad {}

    /// A request; what it says was read into the caller's.
    record Requested(Sender sender) implements Found {}

    record Dropped(Observation drops, Sender sender) implements Found {}

    record Answered(Feedback feedback, Sender sender) implements Found {}

    /// The identity is there when the record's sender could be made out for certain.
    record Bad(List<Fault> faults, Optional<Identity> identity) implements Found {}

    private sealed interface Decoded<M> permits Whole, Damaged {}

    private record Whole<M>(M content) implements Decoded<M> {}

    private record Damaged<M>(Bad bad) implements Decoded<M> {}

    Found observation(Inbound record, Request into) {
        byte[] value = record.valueBytes();
        byte[] key = record.keyBytes();
        if (value != null
                && key != null
                && Topics.OBSERVATION_SCHEMA.equals(record.schema())
                && reader.read(value, record.appendTimeMs(), into)) {
            Sender sender = senders.find(key);
            if (sender != null && sender.is(into.tenant(), into.device())) {
                return new Requested(sender);
            }
            return placed(record, identity(into), Requested::new);
        }
        return switch (decode(record, Observation.parser())) {
            case Damaged<Observation>(Bad bad) -> bad;
            case Whole<Observation>(Observation message) -> judge(record, message, into);
        };
    }

    private Found judge(Inbound record, Observation message, Request into) {
        Identity stated =
                new Identity(message.getTenant(), message.getDevice(), message.getSpoolEpoch(), message.getSeq());
        List<Fault> faults = ObservationFaults.of(message, record.appendTimeMs());
        if (!faults.isEmpty()) {
            return refused(record, stated, faults);
        }
        if (message.getKind() == ObservationKind.OBSERVATION_KIND_DROPS) {
            into.clearFor(message.getTotals().getLastSeq());
            return placed(record, stated, sender -> new Dropped(message, sender));
        }
        reader.readSound(message.toByteArray(), into);
        return placed(record, stated, Requested::new);
    }

    Found feedback(Inbound record) {
        return switch (decode(record, Feedback.parser())) {
            case Damaged<Feedback>(Bad bad) -> bad;
            case Whole<Feedback>(Feedback message) -> {
                Identity stated = new Identity(
                        message.getTenant(), message.getSource(), message.getSourceEpoch(), message.getSeq());
                List<Fault> faults = FeedbackFaults.of(message, record.appendTimeMs());
                yield faults.isEmpty()
                        ? placed(record, stated, sender -> new Answered(message, sender))
                        : refused(record, stated, faults);
            }
        };
    }

    private interface Taking {
        Found by(Sender sender);
    }

    private Found placed(Inbound record, Identity stated, Taking taking) {
        Optional<Fault> place = placeFault(record, stated);
        return place.isPresent()
                ? new Bad(List.of(place.get()), Optional.empty())
                : taking.by(senders.of(stated.tenant(), stated.sender()));
    }

    private Bad refused(Inbound record, Identity stated, List<Fault> faults) {
        Optional<Fault> place = placeFault(record, stated);
        return place.isPresent()
                ? new Bad(List.of(place.get()), Optional.empty())
                : new Bad(faults, IdentityPrefix.of(stated.tenant(), stated.sender(), stated.epoch(), stated.seq()));
    }

    private static Identity identity(Request request) {
        return new Identity(request.tenant().text(), request.device().text(), request.epoch(), request.seq());
    }

    private <M extends Message> Decoded<M> decode(Inbound record, Parser<M> parser) {
        Optional<Fault> schema = schemaFault(record);
        if (schema.isPresent()) {
            return new Damaged<>(new Bad(List.of(schema.get()), Optional.empty()));
        }
        ByteString value = record.value();
        if (value == null || value.isEmpty()) {
            return new Damaged<>(new Bad(List.of(new Fault("empty", "", "the record has no value")), Optional.empty()));
        }
        if (value.size() > ObservationFaults.MAX_RECORD_BYTES) {
            return damaged(
                    record,
                    "too_large",
                    "at most " + ObservationFaults.MAX_RECORD_BYTES + " bytes; this one has " + value.size());
        }
        try {
            return new Whole<>(DiscardUnknownFieldsParser.wrap(parser).parseFrom(value));
        } catch (InvalidProtocolBufferException e) {
            return damaged(record, "decode", "not a message of this schema: " + e.getMessage());
        }
    }

    private <M> Decoded<M> damaged(Inbound record, String code, String message) {
        return new Damaged<>(new Bad(List.of(new Fault(code, "", message)), sender(record)));
    }

    /// Who sent the record, if its first bytes say so and it stands where this sender's records belong.
    Optional<Identity> sender(Inbound record) {
        ByteString value = record.value();
        return value == null
                ? Optional.empty()
                : IdentityPrefix.of(value)
                        .filter(each -> placeFault(record, each).isEmpty());
    }

    /// Another sender's key, or another partition than the frozen partitioner's, would give a sender two marks.
    private Optional<Fault> placeFault(Inbound record, Identity stated) {
        byte[] key = record.keyBytes();
        byte[] expected = Topics.key(stated.tenant(), stated.sender());
        if (key == null || !Arrays.equals(key, expected)) {
            return Optional.of(new Fault("key_mismatch", "", "the record's key is not its tenant/sender"));
        }
        int partition = Topics.partition(expected, partitions);
        return partition == lane.partition()
                ? Optional.empty()
                : Optional.of(new Fault(
                        "wrong_partition",
                        "",
                        "this key belongs to partition " + partition + "; use the partitioner of Topics.partition"));
    }

    private Optional<Fault> schemaFault(Inbound record) {
        String expected = lane.inlet().message();
        String schema = record.schema();
        if (schema == null) {
            return Optional.of(new Fault(
                    "schema_missing", "", "the header \"schema\" is missing; expected " + expected + '/' + MAJOR));
        }
        int slash = schema.indexOf('/');
        String message = slash < 0 ? schema : schema.substring(0, slash);
        if (!message.equals(expected)) {
            return Optional.of(new Fault("wrong_type", "", "schema " + schema + " on the topic of " + expected));
        }
        String version = slash < 0 ? "" : schema.substring(slash + 1);
        return version.equals(Integer.toString(MAJOR)) || version.startsWith(MAJOR + ".")
                ? Optional.empty()
                : Optional.of(new Fault(
                        "schema_unsupported", "", "schema " + schema + "; this program reads major version " + MAJOR));
    }
}
