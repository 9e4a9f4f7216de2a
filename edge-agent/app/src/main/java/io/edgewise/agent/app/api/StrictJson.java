// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.api;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads bodies of unknown senders: one document, no duplicate keys, no deep nesting, valid UTF-8.
final class StrictJson {
    private static final int DEEPEST = 64;
    private static final int LONGEST_NUMBER = 100;

    static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    // Each request has a thread of its own, which would never find its buffers again.
                    .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxNumberLength(LONGEST_NUMBER)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private StrictJson() {}

    static ObjectNode object(byte[] body) throws ApiFailure {
        JsonNode read;
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            read = JSON.readTree(body);
        } catch (CharacterCodingException e) {
            throw ApiFailure.invalid("", "The body is not valid UTF-8.");
        } catch (JacksonException e) {
            String where = e.getLocation() == null
                    ? ""
                    : " (line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ")";
            throw ApiFailure.invalid(
                    "",
                    "We could not parse the JSON body of your request: "
                            + e.getOriginalMessage().lines().findFirst().orElse("not JSON") + where + ".");
        } catch (IOException e) {
            throw ApiFailure.invalid("", "We could not parse the JSON body of your request.");
        }
        if (read instanceof ObjectNode object) {
            return object;
        }
        throw ApiFailure.invalid("", "The body must be a JSON object.");
    }
}
