// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.internal.LazilyParsedNumber;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// One JSON document and nothing after it: valid UTF-8, no name twice in an object, no deep nesting, and no
/// more values than fit into memory many times over, however few bytes each of them takes.
final class StrictJson {
    /// A thousand records of two hundred values each.
    static final int MOST_VALUES = 200_000;

    private static final int DEEPEST = 64;

    private final JsonReader reader;
    private int values;

    private StrictJson(JsonReader reader) {
        this.reader = reader;
    }

    static JsonElement parse(byte[] body) throws Problem {
        JsonReader reader = new JsonReader(new StringReader(text(body)));
        reader.setStrictness(Strictness.STRICT);
        reader.setNestingLimit(DEEPEST);
        try {
            JsonElement element = new StrictJson(reader).element();
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw Problem.malformed("there is something after the JSON document's end");
            }
            return element;
        } catch (MalformedJsonException | EOFException | NumberFormatException e) {
            throw Problem.malformed("the body is not JSON: " + e.getMessage());
        } catch (IOException e) {
            throw Problem.malformed("the body cannot be read as JSON: " + e.getMessage());
        }
    }

    private static String text(byte[] body) throws Problem {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Problem.malformed("the body is not valid UTF-8: " + e.getMessage());
        }
    }

    private JsonElement element() throws IOException, Problem {
        if (++values > MOST_VALUES) {
            throw Problem.tooLarge("a batch as JSON has at most " + MOST_VALUES
                    + " values, numbers and texts and objects together; send it in parts, or as protobuf");
        }
        return switch (reader.peek()) {
            case BEGIN_ARRAY -> array();
            case BEGIN_OBJECT -> object();
            case STRING -> new JsonPrimitive(reader.nextString());
            case NUMBER -> new JsonPrimitive(new LazilyParsedNumber(reader.nextString()));
            case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
            case NULL -> {
                reader.nextNull();
                yield JsonNull.INSTANCE;
            }
            case NAME, END_ARRAY, END_OBJECT, END_DOCUMENT ->
                throw new MalformedJsonException("expected a value at " + reader.getPath());
        };
    }

    private JsonArray array() throws IOException, Problem {
        JsonArray array = new JsonArray();
        reader.beginArray();
        while (reader.hasNext()) {
            array.add(element());
        }
        reader.endArray();
        return array;
    }

    private JsonObject object() throws IOException, Problem {
        JsonObject object = new JsonObject();
        reader.beginObject();
        while (reader.hasNext()) {
            String name = reader.nextName();
            if (object.has(name)) {
                throw Problem.malformed("\"" + name + "\" stands twice in one object, at " + reader.getPath());
            }
            object.add(name, element());
        }
        reader.endObject();
        return object;
    }
}
