// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.contracts.audit.AuditReport;
import io.edgewise.controller.PlanCheck;
import io.edgewise.runtime.access.Needs;
import io.edgewise.runtime.access.Right;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The OpenAPI document says what the code does: every route, its rights, its parameters, every field.
class OpenApiTest {
    private static final List<Class<?>> RESOURCES = List.of(
            ControllerResource.class,
            PlanResource.class,
            ReplayResource.class,
            ReferenceResource.class,
            DeviceResource.class,
            KeyResource.class,
            ManifestResource.class,
            AdminResource.class,
            DecisionStream.class);
    private static final List<Class<?>> HOLDERS = List.of(
            Bodies.class,
            PlanDesk.class,
            PlanTemplates.class,
            PlanCheck.class,
            ReplayDesk.class,
            ReferenceDesk.class,
            DeviceDesk.class,
            KeyDesk.class,
            ManifestDesk.class,
            StopDesk.class,
            Stops.class,
            TokenBook.class,
            AuditReport.class);

    private final JsonNode document = document();

    private static JsonNode document() {
        try {
            return new ObjectMapper().readTree(Published.OPEN_API.text());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyRouteIsDescribedAndNoOther() {
        Set<String> described = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(verb -> described.add(verb.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        assertThat(described).isEqualTo(routes().keySet());
    }

    @Test
    void everyOperationSaysWhoMayAndWhatItTakes() {
        Set<String> names = new TreeSet<>();
        routes().forEach((route, method) -> {
            JsonNode operation = operation(route);
            assertThat(names.add(operation.path("operationId").asText()))
                    .as(route)
                    .isTrue();
            assertThat(texts(operation.path("x-edgewise-rights"))).as(route).isEqualTo(rights(route, method));
            assertThat(operation.path("responses").has("401")).as(route).isTrue();
            assertThat(operation.path("responses").has("403")).as(route).isTrue();
            assertThat(operation.has("requestBody")).as(route).isEqualTo(takesBody(method));
            Set<String> asked = Arrays.stream(method.getParameters())
                    .flatMap(parameter -> Arrays.stream(parameter.getAnnotationsByType(PathParam.class)))
                    .map(PathParam::value)
                    .collect(Collectors.toSet());
            Set<String> told = new TreeSet<>();
            operation.path("parameters").forEach(parameter -> {
                if (parameter.path("in").asText().equals("path")) {
                    told.add(parameter.path("name").asText());
                }
            });
            assertThat(told).as(route).isEqualTo(asked);
        });
    }

    @Test
    void everySchemaHasTheFieldsOfItsRecord() {
        Map<String, Class<?>> records = new TreeMap<>();
        for (Class<?> holder : HOLDERS) {
            for (Class<?> inner : holder.getDeclaredClasses()) {
                if (inner.isRecord()) {
                    records.put(inner.getSimpleName(), inner);
                }
            }
        }
        records.put("AuditReport", AuditReport.class);
        document.path("components").path("schemas").properties().forEach(schema -> {
            if (schema.getKey().equals("Plan")) {
                return;
            }
            Class<?> type = records.getOrDefault(schema.getKey(), Record.class);
            assertThat(type).as(schema.getKey()).isNotEqualTo(Record.class);
            List<String> fields = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getName)
                    .toList();
            List<String> told = new ArrayList<>();
            schema.getValue().path("properties").fieldNames().forEachRemaining(told::add);
            assertThat(told).as(schema.getKey()).containsExactlyInAnyOrderElementsOf(fields);
        });
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> references =
                document.findValues("$ref").stream().map(JsonNode::asText).toList();
        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                document.at(reference.substring(1)).isMissingNode())
                        .isFalse());
    }

    private JsonNode operation(String route) {
        String[] parts = route.split(" ", 2);
        return document.path("paths").path(parts[1]).path(parts[0].toLowerCase(Locale.ROOT));
    }

    private static boolean takesBody(Method method) {
        return Arrays.stream(method.getParameters())
                .filter(parameter -> parameter.getAnnotations().length == 0)
                .map(Parameter::getType)
                .anyMatch(String.class::equals);
    }

    private static List<String> rights(String route, Method method) {
        Needs[] needs = method.getAnnotationsByType(Needs.class);
        Right[] usual = {route.startsWith("GET ") ? Right.READ : Right.OPERATE};
        return Arrays.stream(needs.length > 0 ? needs[0].value() : usual)
                .map(right -> right.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private static Map<String, Method> routes() {
        Map<String, Method> routes = new TreeMap<>();
        for (Class<?> resource : RESOURCES) {
            for (Method method : resource.getMethods()) {
                verb(method).forEach(verb -> routes.put(verb + " " + path(resource, method), method));
            }
        }
        return routes;
    }

    private static Stream<String> verb(Method method) {
        return Arrays.stream(method.getAnnotations())
                .map(Annotation::annotationType)
                .flatMap(type -> Arrays.stream(type.getAnnotationsByType(HttpMethod.class)))
                .map(HttpMethod::value);
    }

    private static String path(Class<?> resource, Method method) {
        return Stream.of(resource.getAnnotationsByType(Path.class), method.getAnnotationsByType(Path.class))
                .flatMap(Arrays::stream)
                .map(Path::value)
                .collect(Collectors.joining());
    }
}
