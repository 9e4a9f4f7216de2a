// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.pairs;

import io.edgewise.statistics.proportion.Interval;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What quantization alone has cost: the build against the same model in full precision.
///
/// @param changed share of answers that are another label than the reference's
/// @param lost accuracy of the reference minus that of the build; NaN without truth
/// @param band expected for the width; empty where the width is not known
public record Attribution(
        String build,
        String reference,
        long n,
        double changed,
        Interval changedInterval,
        double kappa,
        double lost,
        Optional<Band> band) {
    private static final List<Band> BANDS =
            List.of(new Band(8, 0, 0.01), new Band(4, 0.01, 0.03), new Band(3, 0.03, 0.08), new Band(2, 0.08, 0.15));
    private static final Pattern WIDTH = Pattern.compile("(?<![a-z])(?:u?int|w|i?q)(\\d{1,2})(?!\\d)");

    /// Quality that weights of so many bits usually lose.
    public record Band(int bits, double from, double to) {
        public String text() {
            return bits == 8
                    ? "INT8: below 1 %"
                    : String.format(Locale.ROOT, "INT%d: %.0f–%.0f %%", bits, 100 * from, 100 * to);
        }
    }

    /// @param counts the build as edge, the reference as frontier
    /// @param quantization as the manifest names it, such as `int8-dynamic`
    public static Attribution of(String build, String reference, PairCounts counts, String quantization) {
        Summary summary = Summary.of(counts.all(), 0.5);
        return new Attribution(
                build,
                reference,
                summary.agreement().n(),
                1 - summary.agreement().share(),
                summary.agreement().other().wilson(Summary.ALPHA),
                summary.agreed().kappa(),
                summary.frontierAccuracy().share() - summary.edgeAccuracy().share(),
                band(quantization));
    }

    static Optional<Band> band(String quantization) {
        Matcher width = WIDTH.matcher(quantization.toLowerCase(Locale.ROOT));
        return width.find()
                ? BANDS.stream()
                        .filter(band -> band.bits() == Integer.parseInt(width.group(1)))
                        .findFirst()
                : Optional.empty();
    }

    /// What is compared with the band: lost accuracy, or without truth the share of changed answers, which is larger.
    public double loss() {
        return Double.isNaN(lost) ? changed : lost;
    }

    /// `below`, `within` or `above` the band; empty where there is none.
    public Optional<String> place() {
        return band.map(expected -> loss() < expected.from() ? "below" : loss() <= expected.to() ? "within" : "above");
    }
}
