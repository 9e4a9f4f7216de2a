// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.edgewise.contracts.v1.AgentStatus;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.Observation;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The OpenAPI document says what the code does: every route, its formats and parameters, every field of what is sent.
class OpenApiTest {
    private static final List<Class<?>> RESOURCES = List.of(
            BatchesResource.class,
            FeedbackResource.class,
            StatusResource.class,
            OrdersResource.class,
            OrdersStream.class,
            OpenApiResource.class);

    private final JsonObject document = document();

    private static JsonObject document() {
        try {
            return JsonParser.parseString(new String(OpenApiResource.document(), StandardCharsets.UTF_8))
                    .getAsJsonObject();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// By "VERB path": the methods that answer it, one for each format.
    private static Map<String, List<Method>> routes() {
        Map<String, List<Method>> routes = new TreeMap<>();
        for (Class<?> resource : RESOURCES) {
            String path =
                    Objects.requireNonNull(resource.getAnnotation(Path.class)).value();
            for (Method method : resource.getMethods()) {
                verb(method)
                        .forEach(verb -> routes.merge(
                                verb + " " + path,
                                List.of(method),
                                (some, more) -> Stream.concat(some.stream(), more.stream())
                                        .toList()));
            }
        }
        return routes;
    }

    private static Stream<String> verb(Method method) {
        return Arrays.stream(method.getAnnotations())
                .map(Annotation::annotationType)
                .filter(type -> type.isAnnotationPresent(HttpMethod.class))
                .map(Class::getSimpleName);
    }

    private JsonObject operation(String route) {
        String[] parts = route.split(" ", 2);
        return at(document, "paths", parts[1], parts[0].toLowerCase(Locale.ROOT));
    }

    private static JsonObject at(JsonObject from, String... names) {
        JsonObject at = from;
        for (String name : names) {
            JsonElement next = at.get(name);
            at = next == null ? new JsonObject() : next.getAsJsonObject();
        }
        return at;
    }

    @Test
    void everyRouteIsDescribedAndNoOther() {
        Set<String> described = new TreeSet<>();
        at(document, "paths")
                .asMap()
                .forEach((path, verbs) -> verbs.getAsJsonObject()
                        .keySet()
                        .forEach(verb -> described.add(verb.toUpperCase(Locale.ROOT) + " " + path)));

        assertThat(described).isEqualTo(routes().keySet());
    }

    @Test
    void everyOperationSaysWhatItTakesAndThatItNeedsAToken() {
        Set<String> names = new TreeSet<>();
        routes().forEach((route, methods) -> {
            JsonObject operation = operation(route);
            assertThat(names.add(operation.get("operationId").getAsString()))
                    .as(route)
                    .isTrue();
            assertThat(at(operation, "responses").keySet()).as(route).contains("200", "401");
            Set<String> formats = methods.stream()
                    .flatMap(method -> Arrays.stream(method.getAnnotationsByType(Consumes.class)))
                    .flatMap(consumes -> Arrays.stream(consumes.value()))
                    .collect(Collectors.toSet());
            assertThat(at(operation, "requestBody", "content").keySet())
                    .as(route)
                    .isEqualTo(formats);
            Set<String> asked = methods.stream()
                    .flatMap(method -> Arrays.stream(method.getParameters()))
                    .flatMap(parameter -> Arrays.stream(parameter.getAnnotationsByType(QueryParam.class)))
                    .map(QueryParam::value)
                    .collect(Collectors.toSet());
            Set<String> told = new TreeSet<>();
            JsonElement parameters = operation.get("parameters");
            for (JsonElement parameter : parameters == null ? new JsonArray() : parameters.getAsJsonArray()) {
                if (parameter.getAsJsonObject().get("in").getAsString().equals("query")) {
                    told.add(parameter.getAsJsonObject().get("name").getAsString());
                }
            }
            assertThat(told).as(route).isEqualTo(asked);
        });
    }

    @Test
    void everySchemaOfAMessageHasItsFields() {
        Map<String, Descriptor> messages = new TreeMap<>();
        for (Descriptor sent :
                List.of(Observation.getDescriptor(), Feedback.getDescriptor(), AgentStatus.getDescriptor())) {
            collect(sent, messages);
        }
        JsonObject schemas = at(document, "components", "schemas");

        assertThat(schemas.keySet()).containsAll(messages.keySet());
        messages.forEach(
                (name, message) -> assertThat(at(schemas, name, "properties").keySet())
                        .as(name)
                        .containsExactlyInAnyOrderElementsOf(message.getFields().stream()
                                .map(FieldDescriptor::getJsonName)
                                .toList()));
    }

    private static void collect(Descriptor message, Map<String, Descriptor> into) {
        if (message.getOptions().getMapEntry() || into.putIfAbsent(message.getName(), message) != null) {
            return;
        }
        message.getFields().stream()
                .filter(field -> field.getJavaType() == FieldDescriptor.JavaType.MESSAGE)
                .forEach(field -> collect(field.getMessageType(), into));
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        Set<String> references = new TreeSet<>();
        references(document, references);

        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                at(document, reference.substring(2).split("/")).keySet())
                        .as(reference)
                        .isNotEmpty());
    }

    private static void references(JsonElement element, Set<String> into) {
        if (element.isJsonArray()) {
            element.getAsJsonArray().forEach(each -> references(each, into));
        } else if (element.isJsonObject()) {
            element.getAsJsonObject().asMap().forEach((name, value) -> {
                if (name.equals("$ref")) {
                    into.add(value.getAsString());
                } else {
                    references(value, into);
                }
            });
        }
    }
}
