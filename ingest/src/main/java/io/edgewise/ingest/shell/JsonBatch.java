// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.edgewise.ingest.Item;
import io.edgewise.ingest.RecordKind;
import java.util.ArrayList;
import java.util.List;

/// Reads an array of records in proto3-JSON. Fields of a newer minor version are passed over.
final class JsonBatch {
    private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

    private JsonBatch() {}

    static <M extends Message> List<Item<M>> read(RecordKind<M> kind, byte[] body) throws Problem {
        if (!(StrictJson.parse(body) instanceof JsonArray array)) {
            throw Problem.malformed("the body must be a JSON array of " + kind.plural());
        }
        if (array.size() > ProtobufBatch.MOST_RECORDS) {
            throw Problem.tooLarge("a batch has at most " + ProtobufBatch.MOST_RECORDS + " records; send it in parts");
        }
        List<Item<M>> items = new ArrayList<>();
        for (JsonElement element : array) {
            items.add(item(kind, element));
        }
        return items;
    }

    private static <M extends Message> Item<M> item(RecordKind<M> kind, JsonElement element) {
        String json = element.toString();
        try {
            Message.Builder record = kind.builder();
            PARSER.merge(json, record);
            return new Item.Decoded<>(kind.parser().parseFrom(record.build().toByteString()));
        } catch (InvalidProtocolBufferException e) {
            return new Item.Broken<>(
                    whole(element, kind.epochName()),
                    whole(element, "seq"),
                    ProtobufBatch.undecodable(kind, e),
                    ByteString.copyFromUtf8(json));
        }
    }

    /// 0 where there is no such number.
    private static long whole(JsonElement element, String field) {
        if (!element.isJsonObject()
                || !(element.getAsJsonObject().get(field) instanceof JsonPrimitive primitive)
                || primitive.isBoolean()) {
            return 0;
        }
        try {
            return Long.parseUnsignedLong(primitive.getAsString());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
