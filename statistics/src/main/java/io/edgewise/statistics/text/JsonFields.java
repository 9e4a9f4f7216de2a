// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.text;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Agreement of two extractions: equal leaf fields / leaf fields of either (Jaccard on paths and values).
/// Symmetric.
///
/// A tree is what a JSON parser yields: `Map` with `String` keys, `List`, `String`, `Number`, `Boolean`,
/// null. A leaf is a string, number, boolean, null, an empty object or an empty array; its path are the
/// keys and indices that lead to it. Keys are compared as they stand, in any order; arrays by index. A
/// missing field is not null: `{"a": null}` and `{}` share nothing. An object and an array at the same
/// place share nothing.
///
/// Leaves are equal where they have the same kind and
/// - strings: the same code points after NFC ([StreamSafe]) and without white space and controls at the ends; case
///   counts;
/// - numbers: |x - y| <= max(absolute, relative · max(|x|, |y|)), computed exactly on decimal values
///   ([Numbers]);
/// - booleans, nulls, empty objects, empty arrays: the same value.
///
/// What JSON cannot hold (NaN, infinities), and objects and arrays nested deeper than `depth`, are leaves
/// that equal nothing, not even themselves: what a model answers never ends the comparison, and never
/// gains by it.
///
/// @param relative share of the larger number, in [0, 1)
/// @param absolute difference that never matters; finite, at least 0
/// @param depth containers around the deepest leaf that is compared, 1 to 256
public record JsonFields(double relative, double absolute, int depth) {
    public static final String DEFINITION = "json-fields/1";

    private static final int DEEPEST = 256;

    /// Forgives the rounding of double arithmetic, and no digit that a person would read.
    public static final JsonFields DEFAULT = new JsonFields(1e-9, 1e-12, 64);

    public JsonFields {
        if (!(relative >= 0 && relative < 1)) {
            throw new IllegalArgumentException(
                    "JsonFields: relative tolerance " + relative + " must be at least 0 and below 1 (0.01 is 1 %).");
        }
        if (!(absolute >= 0 && absolute <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException(
                    "JsonFields: absolute tolerance " + absolute + " must be finite and at least 0.");
        }
        if (depth < 1 || depth > DEEPEST) {
            throw new IllegalArgumentException(
                    "JsonFields: depth " + depth + " must be between 1 and " + DEEPEST + " (64).");
        }
    }

    /// @param equal leaf fields that both have, with equal values
    /// @param fields leaf fields of either; at least 1
    public record Count(long equal, long fields) {
        public double score() {
            return (double) equal / fields;
        }

        private Count plus(Count other) {
            return new Count(equal + other.equal, fields + other.fields);
        }
    }

    private static final Count NOTHING = new Count(0, 0);

    public double score(@Nullable Object reference, @Nullable Object answer) {
        return count(reference, answer).score();
    }

    public Count count(@Nullable Object reference, @Nullable Object answer) {
        return compare(reference, answer, depth);
    }

    private Count compare(@Nullable Object x, @Nullable Object y, int levels) {
        boolean left = levels > 0 && isContainer(x);
        boolean right = levels > 0 && isContainer(y);
        if (!left && !right) {
            return new Count(sameLeaf(x, y) ? 1 : 0, 1);
        }
        if (left && right && x instanceof Map<?, ?> one && y instanceof Map<?, ?> other) {
            return objects(one, other, levels - 1);
        }
        if (left && right && x instanceof List<?> one && y instanceof List<?> other) {
            return arrays(one, other, levels - 1);
        }
        return new Count(0, leaves(x, levels) + leaves(y, levels));
    }

    private Count objects(Map<?, ?> x, Map<?, ?> y, int levels) {
        Count count = NOTHING;
        for (Map.Entry<?, ?> field : x.entrySet()) {
            String key = key(field.getKey());
            count = count.plus(
                    y.containsKey(key)
                            ? compare(field.getValue(), y.get(key), levels)
                            : new Count(0, leaves(field.getValue(), levels)));
        }
        for (Map.Entry<?, ?> field : y.entrySet()) {
            if (!x.containsKey(key(field.getKey()))) {
                count = count.plus(new Count(0, leaves(field.getValue(), levels)));
            }
        }
        return count;
    }

    private Count arrays(List<?> x, List<?> y, int levels) {
        Count count = NOTHING;
        Iterator<?> left = x.iterator();
        Iterator<?> right = y.iterator();
        while (left.hasNext() && right.hasNext()) {
            count = count.plus(compare(left.next(), right.next(), levels));
        }
        Iterator<?> rest = left.hasNext() ? left : right;
        while (rest.hasNext()) {
            count = count.plus(new Count(0, leaves(rest.next(), levels)));
        }
        return count;
    }

    private static long leaves(@Nullable Object tree, int levels) {
        if (levels == 0 || !isContainer(tree)) {
            requireJson(tree);
            return 1;
        }
        long sum = 0;
        if (tree instanceof Map<?, ?> object) {
            for (Map.Entry<?, ?> field : object.entrySet()) {
                key(field.getKey());
                sum += leaves(field.getValue(), levels - 1);
            }
        } else if (tree instanceof List<?> array) {
            for (Object element : array) {
                sum += leaves(element, levels - 1);
            }
        }
        return sum;
    }

    private boolean sameLeaf(@Nullable Object x, @Nullable Object y) {
        requireJson(x);
        requireJson(y);
        if (x instanceof Number left && y instanceof Number right) {
            return Numbers.close(left, right, relative, absolute);
        }
        if (x instanceof String left && y instanceof String right) {
            return Normaliser.trimmed(left).equals(Normaliser.trimmed(right));
        }
        if (x instanceof Map<?, ?> left && y instanceof Map<?, ?> right) {
            return left.isEmpty() && right.isEmpty();
        }
        if (x instanceof List<?> left && y instanceof List<?> right) {
            return left.isEmpty() && right.isEmpty();
        }
        return x == null ? y == null : x instanceof Boolean && x.equals(y);
    }

    private static boolean isContainer(@Nullable Object tree) {
        return (tree instanceof Map<?, ?> object && !object.isEmpty())
                || (tree instanceof List<?> array && !array.isEmpty());
    }

    private static String key(@Nullable Object key) {
        if (key instanceof String name) {
            return name;
        }
        throw new IllegalArgumentException(
                "JsonFields: the key " + key + " is not a String; pass trees as a JSON parser makes them.");
    }

    private static void requireJson(@Nullable Object leaf) {
        switch (leaf) {
            case null -> {}
            case String _, Number _, Boolean _, Map<?, ?> _, List<?> _ -> {}
            default ->
                throw new IllegalArgumentException("JsonFields: a value is a "
                        + leaf.getClass().getName()
                        + "; pass trees of Map, List, String, Number, Boolean and null only.");
        }
    }
}
