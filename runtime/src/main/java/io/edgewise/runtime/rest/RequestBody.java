// SPDX-License-Identifier: Apache-2.0
package io.edgewise.runtime.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

/// Reads what people send, strictly: a name that nobody knows or that stands twice, or something behind the end, is
/// refused with its place.
public final class RequestBody {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private RequestBody() {}

    /// @param what it is, for the problem: "the baseline"
    public static <T> T read(String what, String body, Class<T> type) {
        try {
            T value = MAPPER.readValue(body, type);
            if (value == null) {
                throw Problem.invalid(what, "the body is null; send a JSON object");
            }
            return value;
        } catch (JsonMappingException e) {
            throw Problem.invalid(what, path(e) + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw Problem.invalid(what, "the body is not JSON: " + e.getOriginalMessage());
        }
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            path.append(step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName());
        }
        return path.isEmpty() ? "" : path.toString().replaceFirst("^\\.", "") + ": ";
    }
}
