// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import io.edgewise.contracts.ObservationFaults;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.ingest.Item;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Reads a length-delimited sequence of observations. A record that cannot be read is an item of its own; a broken
/// sequence is nobody's.
final class ProtobufBatch {
    static final int MOST_RECORDS = 1_000;

    private ProtobufBatch() {}

    static List<Item> read(byte[] body) throws Problem {
        List<Item> items = new ArrayList<>();
        CodedInputStream in = CodedInputStream.newInstance(body);
        try {
            while (!in.isAtEnd()) {
                if (items.size() == MOST_RECORDS) {
                    throw Problem.tooLarge("a batch has at most " + MOST_RECORDS + " records; send it in parts");
                }
                int length = in.readRawVarint32();
                items.add(item(ByteString.copyFrom(in.readRawBytes(length))));
            }
            return items;
        } catch (IOException e) {
            throw Problem.malformed("record " + (items.size() + 1) + " of the batch is cut off at byte "
                    + in.getTotalBytesRead() + "; the body must be observations, each preceded by its length");
        }
    }

    private static Item item(ByteString record) {
        if (record.size() > ObservationFaults.MAX_RECORD_BYTES) {
            return broken(record, "too_large");
        }
        try {
            return new Item.Decoded(Observation.parseFrom(record));
        } catch (InvalidProtocolBufferException e) {
            return broken(record, "decode");
        }
    }

    /// Finds epoch and sequence, which stand at the front of a record, without decoding the rest.
    private static Item.Broken broken(ByteString record, String reason) {
        long epoch = 0;
        long seq = 0;
        CodedInputStream in = record.newCodedInput();
        try {
            int tag = in.readTag();
            while (tag != 0 && (epoch == 0 || seq == 0)) {
                if (tag == tag(Observation.SPOOL_EPOCH_FIELD_NUMBER, WireFormat.WIRETYPE_FIXED64)) {
                    epoch = in.readFixed64();
                } else if (tag == tag(Observation.SEQ_FIELD_NUMBER, WireFormat.WIRETYPE_VARINT)) {
                    seq = in.readUInt64();
                } else {
                    in.skipField(tag);
                }
                tag = in.readTag();
            }
        } catch (IOException e) {
            return new Item.Broken(epoch, seq, reason, record);
        }
        return new Item.Broken(epoch, seq, reason, record);
    }

    private static int tag(int field, int wireType) {
        return field << 3 | wireType;
    }
}
