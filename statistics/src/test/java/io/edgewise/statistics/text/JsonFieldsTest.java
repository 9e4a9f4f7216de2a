// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.statistics.text.JsonFields.Count;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonFieldsTest {
    @Test
    void countsLeafFieldsOfEither() {
        assertCount("{\"a\": 1, \"b\": \"x\", \"c\": true}", "{\"c\": true, \"b\": \"y\", \"a\": 1.0}", 2, 3);
        assertCount("{\"a\": 1, \"b\": 2}", "{\"b\": 2, \"c\": 3}", 1, 3);
        assertCount(
                "{\"name\": \"Ann\", \"lines\": [{\"sku\": \"A\", \"n\": 1}, {\"sku\": \"B\", \"n\": 2}]}",
                "{\"name\": \"Ann\", \"lines\": [{\"sku\": \"A\", \"n\": 3}]}",
                2,
                5);
    }

    @Test
    void missingIsNotNull() {
        assertCount("{\"a\": null, \"b\": 1}", "{\"b\": 1}", 1, 2);
        assertCount("{\"a\": null}", "{\"a\": null}", 1, 1);
        assertCount("{\"a\": null}", "{}", 0, 2);
        assertCount("{\"a\": null}", "{\"a\": 0}", 0, 1);
        assertCount("null", "null", 1, 1);
    }

    @Test
    void emptyContainersAreLeaves() {
        assertCount("{}", "{}", 1, 1);
        assertCount("[]", "[]", 1, 1);
        assertCount("{}", "[]", 0, 1);
        assertCount("{\"a\": []}", "{\"a\": null}", 0, 1);
        assertCount("{\"a\": []}", "{\"a\": [1, 2]}", 0, 3);
    }

    @Test
    void kindsDiffer() {
        assertCount("{\"a\": \"1\"}", "{\"a\": 1}", 0, 1);
        assertCount("{\"a\": \"true\"}", "{\"a\": true}", 0, 1);
        assertCount("{\"a\": true}", "{\"a\": false}", 0, 1);
        assertCount("{\"0\": 1}", "[1]", 0, 2);
        assertCount("{\"a\": {\"b\": 1, \"c\": 2}}", "{\"a\": 1}", 0, 3);
        assertCount("{\"A\": 1}", "{\"a\": 1}", 0, 2);
    }

    @Test
    void arraysAreComparedByIndex() {
        assertCount("[1, 2, 3]", "[1, 3, 2]", 1, 3);
        assertCount("[1, 2, 3]", "[1]", 1, 3);
    }

    @Test
    void stringsAreTrimmedAndComposed() {
        assertThat(score("  Cafe\u0301\n", "Café\u00A0")).isEqualTo(1);
        assertThat(score("Ann", "ann")).isZero();
        assertThat(score("a  b", "a b")).isZero();
        assertThat(score("\uFF21", "A")).isZero();
    }

    @Test
    void numbersAreValuesWhateverTheirType() {
        List<Number> hundred = List.of(
                (byte) 100,
                (short) 100,
                100,
                100L,
                100f,
                100d,
                BigInteger.valueOf(100),
                new BigDecimal("1.0E+2"),
                new BigDecimal("100.00"));
        JsonFields strict = new JsonFields(0, 0, 64);
        for (Number x : hundred) {
            for (Number y : hundred) {
                assertThat(strict.score(x, y)).as("%s %s", x, y).isEqualTo(1);
            }
        }
        assertThat(strict.score(0.1, new BigDecimal("0.1"))).isEqualTo(1);
        assertThat(strict.score(0.1f, 0.1)).isEqualTo(1);
        assertThat(strict.score(-0.0, 0)).isEqualTo(1);
        assertThat(strict.score(9007199254740993L, 9007199254740992L)).isZero();
    }

    @Test
    void tolerancesIncludeTheirBounds() {
        JsonFields percent = new JsonFields(0.01, 0, 64);
        assertThat(percent.score(100, 99)).isEqualTo(1);
        assertThat(percent.score(99, 100)).isEqualTo(1);
        assertThat(percent.score(100, new BigDecimal("98.9999999999999999999"))).isZero();
        assertThat(percent.score(100, -100)).isZero();
        assertThat(percent.score(0, 1e-300)).isZero();

        JsonFields cent = new JsonFields(0, 0.01, 64);
        assertThat(cent.score(10.00, 10.01)).isEqualTo(1);
        assertThat(cent.score(10.00, 10.011)).isZero();
        assertThat(JsonFields.DEFAULT.score(0.1 + 0.2, 0.3)).isEqualTo(1);
        assertThat(JsonFields.DEFAULT.score(1234567.89, 1234567.90)).isZero();
    }

    @Test
    void numbersOfAnySizeAreComparedQuickly() {
        BigDecimal huge = new BigDecimal("1E+999999999");
        JsonFields loose = new JsonFields(0.5, 1e300, 64);
        assertThat(loose.score(huge, new BigDecimal("10E+999999998"))).isEqualTo(1);
        assertThat(loose.score(huge, new BigDecimal("1.1E+999999999"))).isZero();
        assertThat(loose.score(huge, new BigDecimal("1E-999999999"))).isZero();
        assertThat(loose.score(huge, 0)).isZero();
        assertThat(JsonFields.DEFAULT.score(new BigDecimal("0E+999999999"), 0)).isEqualTo(1);
    }

    @Test
    void whatJsonCannotHoldEqualsNothing() {
        for (Number odd : List.of(Double.NaN, Double.POSITIVE_INFINITY, Float.NaN, Float.NEGATIVE_INFINITY)) {
            assertThat(score(odd, odd)).as("%s", odd).isZero();
            assertThat(score(odd, 1)).as("%s", odd).isZero();
        }
    }

    @Test
    void whatIsNestedTooDeepEqualsNothing() {
        Object tree = 1;
        for (int i = 0; i < 64; i++) {
            tree = List.of(tree);
        }
        assertThat(score(tree, tree)).isEqualTo(1);
        assertThat(score(List.of(tree), List.of(tree))).isZero();
        assertThat(new JsonFields(0, 0, 1).count(List.of(List.of(1), 2), List.of(List.of(1), 2)))
                .isEqualTo(new Count(1, 2));
        assertThat(new JsonFields(0, 0, 1).count(List.of(List.of(1, 2, 3), 2), List.of(5, 2)))
                .isEqualTo(new Count(1, 2));

        List<Object> endless = new ArrayList<>();
        endless.add(endless);
        assertThat(score(endless, endless)).isZero();
    }

    @Test
    void refusesWhatIsNoTree() {
        assertThatThrownBy(() -> score(List.of(new Object()), List.of(1)))
                .hasMessageContaining("java.lang.Object; pass trees of Map");
        assertThatThrownBy(() -> score(new AtomicInteger(1), 1)).hasMessageContaining("AtomicInteger");
        assertThatThrownBy(() -> score(Map.of(1, 2), Map.of("1", 2))).hasMessageContaining("not a String");
        assertThatThrownBy(() -> score(Map.of(1, 2), 2)).hasMessageContaining("not a String");
        assertThatThrownBy(() -> new JsonFields(1, 0, 64)).hasMessageContaining("relative");
        assertThatThrownBy(() -> new JsonFields(Double.NaN, 0, 64)).hasMessageContaining("relative");
        assertThatThrownBy(() -> new JsonFields(0, -1, 64)).hasMessageContaining("absolute");
        assertThatThrownBy(() -> new JsonFields(0, Double.POSITIVE_INFINITY, 64))
                .hasMessageContaining("absolute");
        assertThatThrownBy(() -> new JsonFields(0, 0, 0)).hasMessageContaining("depth");
    }

    @Test
    void isSymmetricBoundedOneForItselfAndBlindToTheOrderOfKeys() {
        for (int seed = 0; seed < 1000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Object x = tree(random, 4);
            Object y = random.nextBoolean() ? tree(random, 4) : changed(x, random);
            Count count = JsonFields.DEFAULT.count(x, y);

            assertThat(count.equal()).as("seed %d", seed).isBetween(0L, count.fields());
            assertThat(count.fields()).as("seed %d", seed).isPositive();
            assertThat(JsonFields.DEFAULT.count(y, x)).as("seed %d", seed).isEqualTo(count);
            assertThat(JsonFields.DEFAULT.count(reversed(x), y))
                    .as("seed %d", seed)
                    .isEqualTo(count);
            assertThat(score(x, reversed(x))).as("seed %d", seed).isEqualTo(1);
        }
    }

    @Test
    void oneChangedLeafCostsOneField() {
        assertThat(score(
                        parse("{\"a\": [1, {\"b\": 2}], \"c\": \"x\"}"),
                        parse("{\"a\": [1, {\"b\": 9}], \"c\": \"x\"}")))
                .isCloseTo(2.0 / 3, within(1e-15));
    }

    private static @Nullable Object tree(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth == 0 ? 5 : 8)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt(3);
            case 3 -> random.nextInt(3) / 4.0;
            case 4 -> Texts.random(random, 3);
            case 5 -> {
                List<@Nullable Object> array = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(tree(random, depth - 1));
                }
                yield array;
            }
            default -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    object.put("k" + random.nextInt(5), tree(random, depth - 1));
                }
                yield object;
            }
        };
    }

    private static @Nullable Object changed(@Nullable Object tree, SplittableRandom random) {
        if (random.nextInt(6) == 0) {
            return tree(random, 2);
        }
        if (tree instanceof Map<?, ?> object) {
            Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
            object.forEach((key, value) -> copy.put(key, changed(value, random)));
            return copy;
        }
        if (tree instanceof List<?> array) {
            List<@Nullable Object> copy = new ArrayList<>();
            array.forEach(value -> copy.add(changed(value, random)));
            return copy;
        }
        return tree;
    }

    private static @Nullable Object reversed(@Nullable Object tree) {
        if (tree instanceof Map<?, ?> object) {
            List<Object> keys = new ArrayList<>(object.keySet());
            Collections.reverse(keys);
            Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
            keys.forEach(key -> copy.put(key, reversed(object.get(key))));
            return copy;
        }
        if (tree instanceof List<?> array) {
            return Arrays.asList(array.stream().map(JsonFieldsTest::reversed).toArray());
        }
        return tree;
    }

    private static void assertCount(String reference, String answer, long equal, long fields) {
        assertThat(JsonFields.DEFAULT.count(parse(reference), parse(answer)))
                .as("%s %s", reference, answer)
                .isEqualTo(new Count(equal, fields));
    }

    private static double score(@Nullable Object reference, @Nullable Object answer) {
        return JsonFields.DEFAULT.score(reference, answer);
    }

    private static @Nullable Object parse(String json) {
        try {
            return new ObjectMapper()
                    .configure(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, json.length() % 2 == 0)
                    .readValue(json, Object.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    @Test
    @SuppressWarnings("JdkObsolete") // slow by index: what is tested
    void linkedListsAreReadOnce() {
        List<Object> list = new LinkedList<>();
        for (int i = 0; i < 200_000; i++) {
            list.add(i);
        }
        List<Object> longer = new LinkedList<>(list);
        longer.add("more");
        assertThat(assertTimeoutPreemptively(Duration.ofSeconds(10), () -> JsonFields.DEFAULT.count(list, longer)))
                .isEqualTo(new JsonFields.Count(200_000, 200_001));
    }
}
