// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.tdunning.math.stats.TDigest;
import io.edgewise.statistics.calibration.ConfidenceTable;
import io.edgewise.statistics.calibration.Reliability;
import io.edgewise.statistics.drift.ReferenceBins;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.statistics.sketch.Confusion;
import io.edgewise.statistics.sketch.Distribution;
import io.edgewise.statistics.sketch.ExactSum;
import io.edgewise.statistics.sketch.HeavyHitters;
import io.edgewise.statistics.sketch.LabelCounts;
import io.edgewise.statistics.sketch.Moments;
import io.edgewise.statistics.sketch.QuantileSketch;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Nanoseconds to count one observation, in ours and in structures that others know.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
@OperationsPerInvocation(UpdateBenchmark.BATCH)
public class UpdateBenchmark {
    static final int BATCH = 4_096;
    static final int LABELS = 151;
    static final int HEAVY = 64;
    private static final int BINS = 10;

    private final double[] latencies = Latencies.of(BATCH, 1);
    private final long[] micros = Latencies.micros(latencies);
    private final double[] confidences = new double[BATCH];
    private final boolean[] right = new boolean[BATCH];
    private final int[] champion = new int[BATCH];
    private final int[] challenger = new int[BATCH];
    private final String[] labels = new SampleTexts(1).labels(BATCH, 1_000);
    private final int[] cells = new int[BATCH];

    private final QuantileSketch quantileSketch = new QuantileSketch();
    private final DDSketch ddSketch = DDSketches.unboundedDense(0.01);
    private final DDSketch ddSketchLogarithmic = DDSketches.logarithmicUnboundedDense(0.01);
    private final Histogram hdrHistogram = new Histogram(2);
    private final KllDoublesSketch kll200 = KllDoublesSketch.newHeapInstance(200);
    private final KllDoublesSketch kll2048 = KllDoublesSketch.newHeapInstance(2_048);
    private final TDigest tDigest = TDigest.createMergingDigest(100);
    private final Distribution distribution = new Distribution();
    private final ExactSum exactSum = new ExactSum();
    private final Moments moments = new Moments();
    private final DoubleSummaryStatistics summary = new DoubleSummaryStatistics();
    private final HeavyHitters heavyHitters = new HeavyHitters(HEAVY);
    private final LabelCounts labelCounts = new LabelCounts();
    private final Confusion confusion = new Confusion();
    private final Map<String, Long> counts = new HashMap<>();
    private final long[] n = new long[Reliability.BINS];
    private final long[] correct = new long[Reliability.BINS];
    private final double[] confidenceSum = new double[Reliability.BINS];
    private final ConfidenceTable confidenceTable = new ConfidenceTable();
    private final ReferenceBins bins = referenceBins();

    @Setup
    public void prepare() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < BATCH; i++) {
            confidences[i] = 0.4 + 0.6 * random.nextDouble();
            right[i] = random.nextDouble() < confidences[i];
            champion[i] = random.nextInt(LABELS);
            challenger[i] = random.nextDouble() < 0.93 ? champion[i] : random.nextInt(LABELS);
            cells[i] = LogGrid.cell(latencies[i]);
        }
    }

    private static ReferenceBins referenceBins() {
        return ReferenceBins.of(QuantileSketch.of(Latencies.of(100_000, 3)).toCells(), BINS);
    }

    @Benchmark
    public QuantileSketch quantileSketch() {
        for (double value : latencies) {
            quantileSketch.add(value);
        }
        return quantileSketch;
    }

    /// The same, to the canonical list of cells: what a window costs from raw values to evidence.
    @Benchmark
    public Cells cellsFromValues() {
        return QuantileSketch.of(latencies).toCells();
    }

    @Benchmark
    public DDSketch ddSketch() {
        for (double value : latencies) {
            ddSketch.accept(value);
        }
        return ddSketch;
    }

    @Benchmark
    public DDSketch ddSketchLogarithmic() {
        for (double value : latencies) {
            ddSketchLogarithmic.accept(value);
        }
        return ddSketchLogarithmic;
    }

    @Benchmark
    public Histogram hdrHistogram() {
        for (long value : micros) {
            hdrHistogram.recordValue(value);
        }
        return hdrHistogram;
    }

    @Benchmark
    public KllDoublesSketch kll200() {
        for (double value : latencies) {
            kll200.update(value);
        }
        return kll200;
    }

    @Benchmark
    public KllDoublesSketch kll2048() {
        for (double value : latencies) {
            kll2048.update(value);
        }
        return kll2048;
    }

    @Benchmark
    public TDigest tDigest() {
        for (double value : latencies) {
            tDigest.add(value);
        }
        return tDigest;
    }

    @Benchmark
    public Distribution distribution() {
        for (double value : latencies) {
            distribution.add(value);
        }
        return distribution;
    }

    @Benchmark
    public ExactSum exactSum() {
        for (double value : latencies) {
            exactSum.add(value);
        }
        return exactSum;
    }

    @Benchmark
    public Moments moments() {
        for (double value : latencies) {
            moments.add(value);
        }
        return moments;
    }

    /// Of the JDK; compensated sum, count and range.
    @Benchmark
    public DoubleSummaryStatistics summary() {
        for (double value : latencies) {
            summary.accept(value);
        }
        return summary;
    }

    @Benchmark
    public HeavyHitters heavyHitters() {
        for (String label : labels) {
            heavyHitters.add(label);
        }
        return heavyHitters;
    }

    @Benchmark
    public LabelCounts labelCounts() {
        for (String label : labels) {
            labelCounts.add(label);
        }
        return labelCounts;
    }

    @Benchmark
    public Map<String, Long> hashMap() {
        for (String label : labels) {
            counts.merge(label, 1L, Long::sum);
        }
        return counts;
    }

    @Benchmark
    public Confusion confusion() {
        for (int i = 0; i < BATCH; i++) {
            confusion.add(champion[i], challenger[i]);
        }
        return confusion;
    }

    @Benchmark
    public double[] reliability() {
        for (int i = 0; i < BATCH; i++) {
            int bin = Reliability.bin(confidences[i]);
            n[bin]++;
            correct[bin] += right[i] ? 1 : 0;
            confidenceSum[bin] += confidences[i];
        }
        return confidenceSum;
    }

    @Benchmark
    public ConfidenceTable confidenceTable() {
        for (int i = 0; i < BATCH; i++) {
            confidenceTable.add(confidences[i], right[i]);
        }
        return confidenceTable;
    }

    @Benchmark
    public long referenceBinOfCell() {
        long sum = 0;
        for (int cell : cells) {
            sum += bins.bin(cell);
        }
        return sum;
    }
}
