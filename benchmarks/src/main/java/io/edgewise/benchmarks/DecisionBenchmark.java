// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import io.edgewise.statistics.calibration.CalibrationBins;
import io.edgewise.statistics.calibration.Reliability;
import io.edgewise.statistics.drift.KolmogorovSmirnov;
import io.edgewise.statistics.drift.Psi;
import io.edgewise.statistics.sequential.Detector;
import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Purpose;
import io.edgewise.statistics.sequential.Side;
import io.edgewise.statistics.sequential.TruncatedBeta;
import io.edgewise.statistics.sketch.QuantileSketch;
import io.edgewise.statistics.text.RougeL;
import io.edgewise.statistics.text.TokenF1;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Nanoseconds of one answer: a step of a sequential test, a figure from counts, a comparison of two texts.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class DecisionBenchmark {
    static final int WORDS = 50;
    private static final int OUTCOMES = 4_096;
    private static final int ANSWERS = 1_000;
    private static final int DRIFT_BINS = 10;
    private static final int CELLS = 1_024;
    private static final int SAMPLE = 10_000;
    private static final double LIMIT = 0.08;

    /// Of a process that is not about to decide: the usual case.
    private static final double THRESHOLD = StrictMath.log(1e7);

    private final MeanTest test = new MeanTest(Purpose.BREACH, Side.ABOVE, LIMIT, 0, 1);
    private final double[][] gains = {test.gains(0), test.gains(1)};
    private final int[] outcomes = new int[OUTCOMES];
    private double[] growth = new double[gains[0].length];
    private Detector detector = Detector.start(test);
    private int next;
    private long events;

    private final long[] referenceBins = new long[DRIFT_BINS];
    private final long[] currentBins = new long[DRIFT_BINS];
    private final long[] referenceCells = new long[CELLS];
    private final long[] currentCells = new long[CELLS];
    private final double[] referenceSample = Latencies.of(SAMPLE, 1);
    private final double[] currentSample = Latencies.of(SAMPLE, 2);
    private final double[] confidence = new double[ANSWERS];
    private final boolean[] correct = new boolean[ANSWERS];
    private Reliability reliability = Reliability.empty();

    private String reference = "";
    private String answer = "";

    private final QuantileSketch sketch = QuantileSketch.of(referenceSample);
    private final QuantileSketch otherSketch = QuantileSketch.of(currentSample);
    private final DDSketch ddSketch = DDSketches.unboundedDense(0.01);
    private final DDSketch otherDdSketch = DDSketches.unboundedDense(0.01);

    @Setup
    public void prepare() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < OUTCOMES; i++) {
            outcomes[i] = random.nextDouble() < LIMIT / 2 ? 1 : 0;
        }
        for (int i = 0; i < SAMPLE; i++) {
            referenceBins[random.nextInt(DRIFT_BINS)]++;
            currentBins[random.nextInt(DRIFT_BINS)]++;
            referenceCells[random.nextInt(CELLS)]++;
            currentCells[random.nextInt(CELLS)]++;
            ddSketch.accept(referenceSample[i]);
            otherDdSketch.accept(currentSample[i]);
        }
        for (int i = 0; i < ANSWERS; i++) {
            confidence[i] = 0.4 + 0.6 * random.nextDouble();
            correct[i] = random.nextDouble() < confidence[i];
        }
        CalibrationBins calibration = CalibrationBins.equalWidth(confidence, correct, Reliability.BINS);
        reliability = new Reliability(calibration.n(), calibration.correct(), calibration.confidenceSum());
        SampleTexts texts = new SampleTexts(4);
        List<String> words = texts.words(WORDS);
        reference = SampleTexts.text(words);
        answer = SampleTexts.text(texts.changed(words));
    }

    private int turn() {
        next = (next + 1) & (OUTCOMES - 1);
        return next;
    }

    /// One observation: new stakes, and whether the threshold is reached.
    @Benchmark
    public boolean eProcessStep() {
        growth = MeanTest.plus(growth, gains[outcomes[turn()]]);
        return test.crosses(growth, THRESHOLD);
    }

    /// The same question by the closed form.
    @Benchmark
    public boolean closedFormStep() {
        int at = turn();
        events = at == 0 ? 0 : events + outcomes[at];
        return TruncatedBeta.logE(Math.min(events, at + 1L), at + 1L, LIMIT, 1, 1) >= THRESHOLD;
    }

    /// One closed block, and whether the threshold is reached.
    @Benchmark
    public boolean detectorStep() {
        detector = detector.next(gains[outcomes[turn()]]);
        return detector.crosses(THRESHOLD);
    }

    @Benchmark
    public double psi10() {
        return Psi.of(referenceBins, currentBins).value();
    }

    @Benchmark
    public double psi10PValue() {
        return Psi.of(referenceBins, currentBins).pAbove(0.1);
    }

    @Benchmark
    public double chiSquare10Commons() {
        return new ChiSquareTest().chiSquareDataSetsComparison(referenceBins, currentBins);
    }

    @Benchmark
    public double ks1024() {
        return KolmogorovSmirnov.ofBins(referenceCells, currentCells).d();
    }

    @Benchmark
    public double ksSampleCommons() {
        return new KolmogorovSmirnovTest().kolmogorovSmirnovStatistic(referenceSample, currentSample);
    }

    @Benchmark
    public double ece15() {
        return reliability.ece();
    }

    @Benchmark
    public double ece15NullQuantile() {
        return reliability.bins().nullQuantile(0.95);
    }

    @Benchmark
    public double eceOfSample() {
        return CalibrationBins.equalWidth(confidence, correct, Reliability.BINS).ece();
    }

    @Benchmark
    public double tokenF1() {
        return TokenF1.score(reference, answer);
    }

    @Benchmark
    public double rougeL() {
        return RougeL.of(reference, answer).score();
    }

    @Benchmark
    public int splitBoth() {
        return reference.split(" ", -1).length + answer.split(" ", -1).length;
    }

    @Benchmark
    public QuantileSketch mergeQuantileSketch() {
        QuantileSketch sum = sketch.copy();
        sum.merge(otherSketch);
        return sum;
    }

    @Benchmark
    public DDSketch mergeDdSketch() {
        DDSketch sum = ddSketch.copy();
        sum.mergeWith(otherDdSketch);
        return sum;
    }

    @Benchmark
    public double p99QuantileSketch() {
        return sketch.nearestRank(0.99);
    }

    @Benchmark
    public double p99DdSketch() {
        return ddSketch.getValueAtQuantile(0.99);
    }
}
