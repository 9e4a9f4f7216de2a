// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.protobuf.Message;
import io.edgewise.contracts.DeviceSecrets.Principal;
import io.edgewise.ingest.Admission;
import io.edgewise.ingest.Admission.Admitted;
import io.edgewise.ingest.Item;
import io.edgewise.ingest.RecordKind;
import io.edgewise.ingest.Rejection;
import java.util.List;

/// Takes batches of one kind of record: reads them, lets in what may be, and answers when Kafka has it.
record BatchWork<M extends Message>(RecordKind<M> kind, IngestRole role) implements RecordsResource.Formats {
    @Override
    public Intake.Taken protobuf(Principal principal, byte[] body) throws Problem, InterruptedException {
        return take(principal, ProtobufBatch.read(kind, body));
    }

    @Override
    public Intake.Taken json(Principal principal, byte[] body) throws Problem, InterruptedException {
        return take(principal, JsonBatch.read(kind, body));
    }

    private Intake.Taken take(Principal principal, List<Item<M>> batch) throws Problem, InterruptedException {
        if (Admission.epochs(kind, batch) > 1) {
            throw Problem.malformed("the records of this batch name several epochs in " + kind.epochName()
                    + "; a batch holds records of one, send one batch for each");
        }
        return new Intake.Taken(batch.size(), json(role.take(kind, principal, batch)));
    }

    static String json(Admitted<?> admitted) {
        JsonObject answer = new JsonObject();
        answer.addProperty("acceptedThrough", admitted.acceptedThrough());
        JsonArray rejected = new JsonArray();
        for (Rejection rejection : admitted.rejected()) {
            JsonObject one = new JsonObject();
            one.addProperty("seq", rejection.seq());
            one.add("reasons", array(rejection.reasons()));
            one.add("details", array(rejection.details()));
            rejected.add(one);
        }
        answer.add("rejected", rejected);
        return answer.toString();
    }

    private static JsonArray array(List<String> texts) {
        JsonArray array = new JsonArray();
        texts.forEach(array::add);
        return array;
    }
}
