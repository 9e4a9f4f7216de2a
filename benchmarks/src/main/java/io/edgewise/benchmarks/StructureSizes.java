// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.tdunning.math.stats.TDigest;
import io.edgewise.statistics.calibration.ConfidenceTable;
import io.edgewise.statistics.sketch.Accumulator;
import io.edgewise.statistics.sketch.Confusion;
import io.edgewise.statistics.sketch.Distribution;
import io.edgewise.statistics.sketch.ExactSum;
import io.edgewise.statistics.sketch.HeavyHitters;
import io.edgewise.statistics.sketch.LabelCounts;
import io.edgewise.statistics.sketch.Moments;
import io.edgewise.statistics.sketch.QuantileSketch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.apache.datasketches.kll.KllDoublesSketch;

/// Bytes of every structure, and the errors of the percentiles of 2,000,000 latencies.
final class StructureSizes {
    private static final int LATENCIES = 2_000_000;
    private static final int FOR_HEAP = 100_000;
    private static final String DDSKETCH = "ddSketch";

    private final List<Result> figures = new ArrayList<>();
    private final String command;

    StructureSizes(String command) {
        this.command = command;
    }

    List<Result> measured() {
        double[] values = Latencies.of(LATENCIES, 7);
        double[] ascending = values.clone();
        Arrays.sort(ascending);
        double[] few = Arrays.copyOf(values, FOR_HEAP);
        double heap = Double.NaN;
        double written = Double.NaN;
        double[] errors = new double[Contender.PERCENTILES.length];
        for (Contender<?> contender : contenders()) {
            double itsHeap = Retained.bytes(() -> contender.filled(few));
            double itsWritten = written(contender, values);
            double[] itsErrors = contender.errors(ascending, values);
            if (contender.name().equals(DDSKETCH)) {
                heap = itsHeap;
                written = itsWritten;
                errors = itsErrors;
            }
            figure(contender.name() + "-heap", itsHeap, "bytes retained", heap, DDSKETCH + "-heap");
            figure(contender.name() + "-serialised", itsWritten, "bytes", written, DDSKETCH + "-serialised");
            for (int i = 0; i < errors.length; i++) {
                String percentile = "-p" + (i == 0 ? "50" : i == 1 ? "95" : i == 2 ? "99" : "99.9") + "-error";
                figure(contender.name() + percentile, itsErrors[i], "%", errors[i], DDSKETCH + percentile);
            }
        }
        others(few);
        return figures;
    }

    private static <S> int written(Contender<S> contender, double[] values) {
        return contender.bytes().applyAsInt(contender.filled(values));
    }

    /// DDSketch first: the others are compared with it.
    private static List<Contender<?>> contenders() {
        return List.of(
                new Contender<>(
                        DDSKETCH,
                        () -> DDSketches.unboundedDense(0.01),
                        DDSketch::accept,
                        DDSketch::getValueAtQuantile,
                        DDSketch::serializedSize),
                new Contender<>(
                        "ddSketchLogarithmic",
                        () -> DDSketches.logarithmicUnboundedDense(0.01),
                        DDSketch::accept,
                        DDSketch::getValueAtQuantile,
                        DDSketch::serializedSize),
                new Contender<>(
                        "quantileSketch",
                        QuantileSketch::new,
                        QuantileSketch::add,
                        QuantileSketch::nearestRank,
                        sketch -> sketch.encode().length),
                new Contender<>(
                        "hdrHistogram",
                        () -> new Histogram(2),
                        (histogram, value) -> histogram.recordValue(Math.round(value * 1_000)),
                        (histogram, q) -> histogram.getValueAtPercentile(100 * q) / 1_000.0,
                        StructureSizes::compressed),
                new Contender<>(
                        "kll200",
                        () -> KllDoublesSketch.newHeapInstance(200),
                        KllDoublesSketch::update,
                        KllDoublesSketch::getQuantile,
                        sketch -> sketch.toByteArray().length),
                new Contender<>(
                        "kll2048",
                        () -> KllDoublesSketch.newHeapInstance(2_048),
                        KllDoublesSketch::update,
                        KllDoublesSketch::getQuantile,
                        sketch -> sketch.toByteArray().length),
                new Contender<>(
                        "distribution",
                        Distribution::new,
                        Distribution::add,
                        Distribution::quantile,
                        sketch -> sketch.encode().length),
                new Contender<>(
                        "tDigest",
                        () -> TDigest.createMergingDigest(100),
                        TDigest::add,
                        TDigest::quantile,
                        TDigest::smallByteSize));
    }

    private static int compressed(Histogram histogram) {
        return histogram.encodeIntoCompressedByteBuffer(ByteBuffer.allocate(histogram.getNeededByteBufferCapacity()));
    }

    private void others(double[] values) {
        String[] labels = new SampleTexts(1).labels(FOR_HEAP, 1_000);
        SplittableRandom random = new SplittableRandom(2);
        int[] champion = new int[FOR_HEAP];
        int[] challenger = new int[FOR_HEAP];
        for (int i = 0; i < FOR_HEAP; i++) {
            champion[i] = random.nextInt(UpdateBenchmark.LABELS);
            challenger[i] = random.nextDouble() < 0.93 ? champion[i] : random.nextInt(UpdateBenchmark.LABELS);
        }
        ConfidenceTable table = confidenceTable(random);
        figures("confidenceTable", Retained.bytes(() -> confidenceTable(random)), table.encode().length);
        accumulator("exactSum", () -> ExactSum.of(values));
        accumulator("moments", () -> Moments.of(values));
        accumulator("heavyHitters", () -> {
            HeavyHitters hitters = new HeavyHitters(UpdateBenchmark.HEAVY);
            Arrays.stream(labels).forEach(hitters::add);
            return hitters;
        });
        accumulator("labelCounts", () -> {
            LabelCounts counts = new LabelCounts();
            Arrays.stream(labels).forEach(counts::add);
            return counts;
        });
        accumulator("confusion", () -> {
            Confusion confusion = new Confusion();
            for (int i = 0; i < FOR_HEAP; i++) {
                confusion.add(champion[i], challenger[i]);
            }
            return confusion;
        });
    }

    private static ConfidenceTable confidenceTable(SplittableRandom random) {
        ConfidenceTable table = new ConfidenceTable();
        for (int i = 0; i < FOR_HEAP; i++) {
            double confidence = 0.4 + 0.6 * random.nextDouble();
            table.add(confidence, random.nextDouble() < confidence);
        }
        return table;
    }

    private void accumulator(String name, Supplier<Accumulator<?>> make) {
        figures(name, Retained.bytes(make), make.get().encode().length);
    }

    /// Beside what was counted, as plain numbers.
    private void figures(String name, double heap, double written) {
        double raw = (double) FOR_HEAP * Double.BYTES;
        figure(name + "-heap", heap, "bytes retained", raw, "100,000 doubles");
        figure(name + "-serialised", written, "bytes", raw, "100,000 doubles");
    }

    private void figure(String name, double value, String unit, double baseline, String baselineIs) {
        figures.add(new Result(name, value, unit, baseline, baselineIs, command, java.util.Map.of()));
    }
}
