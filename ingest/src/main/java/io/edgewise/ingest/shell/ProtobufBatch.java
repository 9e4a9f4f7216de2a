// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import io.edgewise.contracts.Fault;
import io.edgewise.contracts.ObservationFaults;
import io.edgewise.ingest.Admission;
import io.edgewise.ingest.Item;
import io.edgewise.ingest.Parts;
import io.edgewise.ingest.RecordKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Reads a length-delimited sequence of records. A record that cannot be read is an item of its own; a
/// broken sequence is nobody's.
final class ProtobufBatch {
    static final int MOST_RECORDS = 1_000;

    private static final int LONGEST_WHY = 200;

    /// Such a record cannot hold too many parts.
    private static final int HARMLESS_BYTES = 2 * Parts.MOST;

    private static final Fault TOO_MANY = new Fault(
            "too_many",
            "",
            "the record has more than " + Parts.MOST
                    + " arms, candidates, ranges and unknown fields together; send fewer");

    private ProtobufBatch() {}

    /// Of a record that stands where it should and cannot be read.
    static Fault undecodable(RecordKind<?> kind, InvalidProtocolBufferException e) {
        String why =
                Objects.requireNonNullElse(e.getMessage(), "no reason is known").replaceAll("\\s+", " ");
        return new Fault(
                "decode",
                "",
                "the record cannot be read as "
                        + kind.builder().getDescriptorForType().getFullName() + ": "
                        + why.substring(0, Math.min(LONGEST_WHY, why.length()))
                        + "; /ingest/v1/openapi.json names each field and its type");
    }

    static <M extends Message> List<Item<M>> read(RecordKind<M> kind, byte[] body) throws Problem {
        List<Item<M>> items = new ArrayList<>();
        CodedInputStream in = CodedInputStream.newInstance(body);
        try {
            while (!in.isAtEnd()) {
                if (items.size() == MOST_RECORDS) {
                    throw Problem.tooLarge("a batch has at most " + MOST_RECORDS + " records; send it in parts");
                }
                int length = in.readRawVarint32();
                items.add(item(kind, ByteString.copyFrom(in.readRawBytes(length))));
            }
            return items;
        } catch (IOException e) {
            throw Problem.malformed("record " + (items.size() + 1) + " of the batch is cut off at byte "
                    + in.getTotalBytesRead() + "; the body must be " + kind.plural()
                    + ", each preceded by its length");
        }
    }

    private static <M extends Message> Item<M> item(RecordKind<M> kind, ByteString record) {
        if (record.size() > ObservationFaults.MAX_RECORD_BYTES) {
            return broken(kind, record, Admission.tooLarge(record.size()));
        }
        try {
            M decoded = kind.parser().parseFrom(record);
            // What is left of a record before the next one is decoded must be of the size of its bytes.
            return record.size() > HARMLESS_BYTES && Parts.of(decoded) > Parts.MOST
                    ? broken(kind, record, TOO_MANY)
                    : new Item.Decoded<>(decoded);
        } catch (InvalidProtocolBufferException e) {
            return broken(kind, record, undecodable(kind, e));
        }
    }

    /// Finds epoch and sequence, which stand at the front of a record, without decoding the rest.
    private static <M extends Message> Item.Broken<M> broken(RecordKind<M> kind, ByteString record, Fault fault) {
        long epoch = 0;
        long seq = 0;
        CodedInputStream in = record.newCodedInput();
        try {
            int tag = in.readTag();
            while (tag != 0 && (epoch == 0 || seq == 0)) {
                if (tag == tag(kind.epochField(), WireFormat.WIRETYPE_FIXED64)) {
                    epoch = in.readFixed64();
                } else if (tag == tag(kind.seqField(), WireFormat.WIRETYPE_VARINT)) {
                    seq = in.readUInt64();
                } else {
                    in.skipField(tag);
                }
                tag = in.readTag();
            }
        } catch (IOException e) {
            return new Item.Broken<>(epoch, seq, fault, record);
        }
        return new Item.Broken<>(epoch, seq, fault, record);
    }

    private static int tag(int field, int wireType) {
        return field << 3 | wireType;
    }
}
