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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One JSON document and nothing after it: valid UTF-8, no name twice in an object, no deep nesting, and no
/// more values than fit into memory many times over, however few bytes each of them takes.
final class StrictJson {
    /// A thousand records of two hundred values each.
    static final int MOST_VALUES = 200_000;

    private static final int DEEPEST = 64;
    private static final Pattern PLACE = Pattern.compile("line \\d+ column \\d+");

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
        } catch (EOFException e) {
            throw Problem.malformed("the JSON ends in the middle, in " + path(reader) + "; was it cut off?");
        } catch (IOException | NumberFormatException e) {
            throw Problem.malformed("the body is not JSON" + place(e) + ", in " + path(reader)
                    + "; names and texts stand in double quotes, nothing is deeper than " + DEEPEST
                    + " levels or follows the end, and NaN is no number");
        }
    }

    /// Without the dot that waits for a name.
    private static String path(JsonReader reader) {
        String path = reader.getPath();
        return path.endsWith(".") ? path.substring(0, path.length() - 1) : path;
    }

    /// The reader's own words are for whoever calls it ("use setStrictness"); where it stopped is for all.
    private static String place(Exception e) {
        Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
        return place.find() ? " at " + place.group() : "";
    }

    private static String text(byte[] body) throws Problem {
        ByteBuffer bytes = ByteBuffer.wrap(body);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw Problem.malformed("the body is not UTF-8 at byte " + (bytes.position() + 1)
                    + "; send JSON as UTF-8, packed only where" + " Content-Encoding says so");
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
