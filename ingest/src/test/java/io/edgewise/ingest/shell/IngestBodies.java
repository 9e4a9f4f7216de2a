// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import com.google.protobuf.Message;
import io.edgewise.contracts.ObservationFaults;
import io.edgewise.ingest.Admission;
import io.edgewise.ingest.Feedbacks;
import io.edgewise.ingest.Item;
import io.edgewise.ingest.Observations;
import io.edgewise.ingest.RecordKind;
import io.edgewise.ingest.Records;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Bodies that anybody with a device's token can send: the first byte chooses kind, format and packing, the
/// rest is what is sent. Whatever comes is refused in words, or gives records of this device alone, whole,
/// each sequence once.
public final class IngestBodies {
    private static final String[] PACKINGS = {"identity", "gzip", "zstd", "br"};

    private IngestBodies() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length == 0) {
            return;
        }
        byte[] wire = Arrays.copyOfRange(input, 1, input.length);
        boolean isJson = (input[0] & 1) != 0;
        String packing = PACKINGS[input[0] >> 2 & 3];
        try {
            byte[] body = BoundedBody.unpacked(
                    BoundedBody.receive(new ByteArrayInputStream(wire), bytes -> {}), packing, bytes -> {});
            require(body.length <= BoundedBody.UNPACKED_LIMIT);
            if ((input[0] & 2) == 0) {
                admit(new Observations(), body, isJson);
            } else {
                admit(new Feedbacks(), body, isJson);
            }
        } catch (Problem problem) {
            require(problem.status() >= 400 && problem.status() < 500);
            require(problem.getMessage() != null && !problem.getMessage().isBlank());
        }
    }

    private record Position(long epoch, long seq) {}

    private static <M extends Message> void admit(RecordKind<M> kind, byte[] body, boolean isJson) throws Problem {
        List<Item<M>> items = isJson ? JsonBatch.read(kind, body) : ProtobufBatch.read(kind, body);
        require(items.size() <= ProtobufBatch.MOST_RECORDS);
        Admission.Admitted<M> admitted = Admission.of(kind, Records.DEVICE, items, Records.NOW);
        Set<Position> positions = new HashSet<>();
        for (M record : admitted.records()) {
            require(positions.add(new Position(kind.epoch(record), kind.seq(record))));
            require(kind.foreign(record, Records.DEVICE).isEmpty());
            require(kind.faults(record, Records.NOW).isEmpty());
            require(record.getSerializedSize() <= ObservationFaults.MAX_RECORD_BYTES);
        }
        require(admitted.rejected().size() <= items.size());
        for (var rejection : admitted.rejected()) {
            require(!rejection.reasons().isEmpty());
        }
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalStateException("a promise was broken");
        }
    }
}
