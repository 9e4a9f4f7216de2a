// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/// One kind of accumulator with random observations for it.
///
/// @param open whether merges agree in bounds only, so that the tree of merges may show
record Samples<A extends Accumulator<A>>(
        String name, boolean open, Supplier<A> empty, BiConsumer<A, SplittableRandom> add) {
    private static final double[] ODD = {
        0,
        -0.0,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Double.MIN_NORMAL,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        1
    };

    static List<Samples<?>> all() {
        List<Samples<?>> all = new ArrayList<>(exact());
        all.add(new Samples<>(
                "crowded HeavyHitters",
                true,
                () -> new HeavyHitters(5),
                (a, r) -> a.add(label(r, 40), r.nextInt(1, 4))));
        all.add(new Samples<>("large Distribution", true, () -> new Distribution(8), (a, r) -> a.add(number(r))));
        return all;
    }

    /// Those whose merges agree bit for bit.
    static List<Samples<?>> exact() {
        return List.of(
                new Samples<>("ExactSum", false, ExactSum::new, (a, r) -> a.add(number(r))),
                new Samples<>("Moments", false, Moments::new, (a, r) -> a.add(number(r))),
                new Samples<>("QuantileSketch", false, QuantileSketch::new, (a, r) -> a.add(number(r))),
                new Samples<>("LabelCounts", false, LabelCounts::new, (a, r) -> a.add(label(r, 30), r.nextInt(3))),
                new Samples<>(
                        "HeavyHitters", false, () -> new HeavyHitters(40), (a, r) -> a.add(label(r, 40), r.nextInt(3))),
                new Samples<>(
                        "Confusion",
                        false,
                        Confusion::new,
                        (a, r) -> a.add(r.nextInt(5), r.nextInt(1 << r.nextInt(1, 31)), r.nextInt(3))),
                new Samples<>("Distribution", false, Distribution::new, (a, r) -> a.add(number(r))));
    }

    /// Of all sizes and signs, now and then an odd one.
    static double number(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> ODD[random.nextInt(ODD.length)];
            case 1 -> finite(random);
            case 2 -> -StrictMath.exp(20 * random.nextDouble() - 10);
            default -> StrictMath.exp(20 * random.nextDouble() - 10);
        };
    }

    /// Any finite double, all bit patterns alike.
    static double finite(SplittableRandom random) {
        double value;
        do {
            value = Double.longBitsToDouble(random.nextLong());
        } while (!Double.isFinite(value));
        return value;
    }

    static String label(SplittableRandom random, int distinct) {
        int which = random.nextInt(distinct);
        return which == 0 ? "" : which == 1 ? "ünï\uD83D\uDE00" : "label " + which;
    }

    A of(SplittableRandom random, int observations) {
        A made = empty.get();
        for (int i = 0; i < observations; i++) {
            add.accept(made, random);
        }
        return made;
    }

    @Override
    public String toString() {
        return name;
    }
}
