// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.ingest.Item;
import java.util.ArrayList;
import java.util.List;

/// Reads an array of observations in proto3-JSON. Fields of a newer minor version are passed over.
final class JsonBatch {
    private static final JsonFormat.Parser PARSER = JsonFormat.parser().ignoringUnknownFields();

    private JsonBatch() {}

    static List<Item> read(byte[] body) throws Problem {
        if (!(StrictJson.parse(body) instanceof JsonArray array)) {
            throw Problem.malformed("the body must be a JSON array of observations");
        }
        if (array.size() > ProtobufBatch.MOST_RECORDS) {
            throw Problem.tooLarge("a batch has at most " + ProtobufBatch.MOST_RECORDS + " records; send it in parts");
        }
        List<Item> items = new ArrayList<>();
        for (JsonElement element : array) {
            items.add(item(element));
        }
        return items;
    }

    private static Item item(JsonElement element) {
        String json = element.toString();
        try {
            Observation.Builder observation = Observation.newBuilder();
            PARSER.merge(json, observation);
            return new Item.Decoded(observation.build());
        } catch (InvalidProtocolBufferException e) {
            return new Item.Broken(
                    whole(element, "spoolEpoch"), whole(element, "seq"), "decode", ByteString.copyFromUtf8(json));
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
