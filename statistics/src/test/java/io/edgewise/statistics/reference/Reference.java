// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Reads the files of `reference/` and makes the inputs that they describe by a generator.
public final class Reference {
    /// One case of a file.
    public record Case(String id, JsonNode input, JsonNode expected) {
        public boolean uses(String method) {
            return input.path("method").asText().equals(method);
        }

        @Override
        public String toString() {
            return id;
        }
    }

    private Reference() {}

    public static List<Case> cases(String file, Predicate<Case> which) {
        try (InputStream in = Reference.class.getResourceAsStream("/reference/" + file)) {
            if (in == null) {
                throw new IllegalStateException("reference/" + file + " is not among the test resources.");
            }
            JsonNode cases = new ObjectMapper().readTree(in).get("cases");
            return stream(cases).map(c -> read(file, c)).filter(which).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("reference/" + file + " cannot be read.", e);
        }
    }

    private static Case read(String file, JsonNode given) {
        String id = given.get("id").asText();
        ReadKeys.Key root = new ReadKeys.Key(file, id, "");
        return new Case(id, given.get("input"), ReadKeys.recording(root, given.get("expected")));
    }

    /// A sample given as an array, as a generator, or as a concatenation of samples.
    public static double[] sample(JsonNode node) {
        if (node.isArray()) {
            return stream(node).mapToDouble(JsonNode::asDouble).toArray();
        }
        if (node.has("concat")) {
            return stream(node.get("concat"))
                    .flatMap(part -> Arrays.stream(sample(part)).boxed())
                    .mapToDouble(Double::doubleValue)
                    .toArray();
        }
        double[] values = new double[node.get("n").asInt()];
        SplittableRandom random = new SplittableRandom(node.get("seed").asLong());
        for (int i = 0; i < values.length; i++) {
            values[i] = floored(node, draw(node, random));
        }
        return values;
    }

    /// A number; "NaN", "Infinity" and "-Infinity" are strings in the files.
    public static double number(JsonNode node) {
        return node.isTextual() ? Double.parseDouble(node.asText()) : node.doubleValue();
    }

    public static double[] numbers(JsonNode array) {
        return stream(array).mapToDouble(Reference::number).toArray();
    }

    /// Whole numbers, also where they are written as 3.0; any other is refused.
    public static long[] counts(JsonNode node) {
        return stream(node).mapToLong(Reference::count).toArray();
    }

    private static long count(JsonNode node) {
        long count = node.asLong();
        if (!node.isNumber() || node.doubleValue() != count) {
            throw new IllegalStateException(node + " where a count is expected.");
        }
        return count;
    }

    private static double draw(JsonNode node, SplittableRandom random) {
        return switch (node.get("kind").asText()) {
            case "uniform" -> {
                double low = node.path("low").asDouble(0);
                yield low + (node.path("high").asDouble(1) - low) * random.nextDouble();
            }
            case "normal" -> node.path("mean").asDouble(0) + node.path("sd").asDouble(1) * normal(random);
            case "lognormal" ->
                Math.exp(node.path("mu").asDouble(0) + node.path("sigma").asDouble(1) * normal(random));
            case "exponential" -> -node.path("scale").asDouble(1) * Math.log(1 - random.nextDouble());
            case "pareto" ->
                node.path("minimum").asDouble(1)
                        * Math.pow(
                                1 - random.nextDouble(), -1 / node.get("shape").asDouble());
            case "integers" -> Math.floor(node.get("bound").asDouble() * random.nextDouble());
            case "bernoulli" -> random.nextDouble() < node.get("p").asDouble() ? 1 : 0;
            default -> throw new IllegalStateException("No such generator: " + node);
        };
    }

    private static double normal(SplittableRandom random) {
        double first = random.nextDouble();
        double second = random.nextDouble();
        return Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
    }

    private static double floored(JsonNode node, double value) {
        if (!node.has("floor_decimals")) {
            return value;
        }
        double unit = Math.pow(10, node.get("floor_decimals").asInt());
        return Math.floor(value * unit) / unit;
    }

    public static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
