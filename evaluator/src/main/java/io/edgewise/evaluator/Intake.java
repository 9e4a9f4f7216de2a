// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.edgewise.contracts.Fault;
import io.edgewise.contracts.FeedbackFaults;
import io.edgewise.contracts.ObservationFaults;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.Observation;
import java.util.List;
import java.util.Optional;

/// From a record to a message that may be counted, or to everything that is wrong with it.
final class Intake {
    private static final int MAJOR = 1;

    private final LaneId lane;
    private final int partitions;

    Intake(LaneId lane, int partitions) {
        this.lane = lane;
        this.partitions = partitions;
    }

    sealed interface Result<M> permits Good, Bad {}

    record Good<M>(M message, Identity identity) implements Result<M> {}

    /// The identity is there when the record's sender could be made out for certain.
    record Bad<M>(List<Fault> faults, Optional<Identity> identity) implements Result<M> {}

    Result<Observation> observation(Inbound record) {
        return switch (decode(record, Observation.parser())) {
            case Bad<Observation> bad -> bad;
            case Good<Observation> good ->
                judge(record, good, ObservationFaults.of(good.message(), record.appendTimeMs()));
        };
    }

    Result<Feedback> feedback(Inbound record) {
        return switch (decode(record, Feedback.parser())) {
            case Bad<Feedback> bad -> bad;
            case Good<Feedback> good -> judge(record, good, FeedbackFaults.of(good.message(), record.appendTimeMs()));
        };
    }

    private <M extends MessageLite> Result<M> decode(Inbound record, Parser<M> parser) {
        Optional<Fault> schema = schemaFault(record);
        if (schema.isPresent()) {
            return new Bad<>(List.of(schema.get()), Optional.empty());
        }
        ByteString value = record.value();
        if (value == null || value.isEmpty()) {
            return bad("empty", "", "the record has no value");
        }
        if (value.size() > ObservationFaults.MAX_RECORD_BYTES) {
            return damaged(
                    record,
                    "too_large",
                    "at most " + ObservationFaults.MAX_RECORD_BYTES + " bytes; this one has " + value.size());
        }
        try {
            M message = parser.parseFrom(value);
            return new Good<>(message, identity(message));
        } catch (InvalidProtocolBufferException e) {
            return damaged(record, "decode", "not a message of this schema: " + e.getMessage());
        }
    }

    /// As the message says; not yet checked.
    private static Identity identity(MessageLite message) {
        return switch (message) {
            case Observation observation ->
                new Identity(
                        observation.getTenant(),
                        observation.getDevice(),
                        observation.getSpoolEpoch(),
                        observation.getSeq());
            case Feedback feedback ->
                new Identity(feedback.getTenant(), feedback.getSource(), feedback.getSourceEpoch(), feedback.getSeq());
            default ->
                throw new IllegalArgumentException(
                        "no lane reads " + message.getClass().getSimpleName());
        };
    }

    private <M> Result<M> judge(Inbound record, Good<M> good, List<Fault> faults) {
        Identity stated = good.identity();
        Optional<Fault> place = placeFault(record, stated);
        if (place.isPresent()) {
            return new Bad<>(List.of(place.get()), Optional.empty());
        }
        if (faults.isEmpty()) {
            return good;
        }
        return new Bad<>(faults, IdentityPrefix.of(stated.tenant(), stated.sender(), stated.epoch(), stated.seq()));
    }

    private <M> Result<M> damaged(Inbound record, String code, String message) {
        return new Bad<>(List.of(new Fault(code, "", message)), sender(record));
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
        ByteString key = record.key();
        byte[] expected = Topics.key(stated.tenant(), stated.sender());
        if (key == null || !key.equals(ByteString.copyFrom(expected))) {
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

    private static <M> Result<M> bad(String code, String field, String message) {
        return new Bad<>(List.of(new Fault(code, field, message)), Optional.empty());
    }
}
