// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// What the statistics cost: nanoseconds for each accumulator and decision, bytes, and the errors of percentiles,
/// beside
/// structures that others know, in one run.
public final class StatisticsBenchmark {
    private static final String COMMAND = "benchmarks/run statistics";

    /// Each measured method, its unit, and the method it is compared with.
    private static final String[][] FIGURES = {
        {"quantileSketch", "ns per update", "ddSketch"},
        {"cellsFromValues", "ns per value", "ddSketch"},
        {"ddSketch", "ns per update", "ddSketch"},
        {"ddSketchLogarithmic", "ns per update", "ddSketch"},
        {"hdrHistogram", "ns per update", "ddSketch"},
        {"kll200", "ns per update", "ddSketch"},
        {"kll2048", "ns per update", "ddSketch"},
        {"tDigest", "ns per update", "ddSketch"},
        {"distribution", "ns per update", "kll2048"},
        {"exactSum", "ns per update", "summary"},
        {"moments", "ns per update", "summary"},
        {"heavyHitters", "ns per update", "hashMap"},
        {"labelCounts", "ns per update", "hashMap"},
        {"confusion", "ns per update", "hashMap"},
        {"reliability", "ns per update", "summary"},
        {"confidenceTable", "ns per update", "summary"},
        {"referenceBinOfCell", "ns per cell", "ddSketch"},
        {"eProcessStep", "ns per step", "closedFormStep"},
        {"detectorStep", "ns per step", "closedFormStep"},
        {"psi10", "ns", "chiSquare10Commons"},
        {"psi10PValue", "ns", "chiSquare10Commons"},
        {"ks1024", "ns", "ksSampleCommons"},
        {"ece15", "ns", "eceOfSample"},
        {"ece15NullQuantile", "ns", "eceOfSample"},
        {"tokenF1", "ns", "splitBoth"},
        {"rougeL", "ns", "splitBoth"},
        {"mergeQuantileSketch", "ns", "mergeDdSketch"},
        {"p99QuantileSketch", "ns", "p99DdSketch"},
    };

    private static final Map<String, String> BASELINES = Map.ofEntries(
            Map.entry("ddSketch", "sketches-java 0.8.3, bitwise mapping, 1 %"),
            Map.entry("kll2048", "DataSketches KLL, k 2,048"),
            Map.entry("summary", "java.util.DoubleSummaryStatistics"),
            Map.entry("hashMap", "HashMap.merge of the labels"),
            Map.entry("closedFormStep", "truncated beta mixture in closed form"),
            Map.entry("chiSquare10Commons", "chi-square statistic of commons-math3"),
            Map.entry("ksSampleCommons", "commons-math3 on 10,000 and 10,000 raw values"),
            Map.entry("eceOfSample", "from 1,000 raw answers"),
            Map.entry("splitBoth", "String.split of both texts"),
            Map.entry("mergeDdSketch", "DDSketch copy and mergeWith"),
            Map.entry("p99DdSketch", "DDSketch.getValueAtQuantile"));

    private StatisticsBenchmark() {}

    public static void main(String[] arguments) throws RunnerException, IOException {
        Map<String, Double> nanos = new LinkedHashMap<>();
        for (RunResult run : new Runner(new OptionsBuilder()
                        .include(UpdateBenchmark.class.getName())
                        .include(DecisionBenchmark.class.getName())
                        .jvmArgsAppend("--sun-misc-unsafe-memory-access=allow")
                        .build())
                .run()) {
            nanos.put(run.getPrimaryResult().getLabel(), run.getPrimaryResult().getScore());
        }
        List<Result> figures = new ArrayList<>();
        for (String[] figure : FIGURES) {
            figures.add(new Result(
                    figure[0],
                    nanos.getOrDefault(figure[0], Double.NaN),
                    figure[1],
                    nanos.getOrDefault(figure[2], Double.NaN),
                    BASELINES.getOrDefault(figure[2], figure[2]),
                    COMMAND,
                    Map.of()));
        }
        figures.addAll(new StructureSizes(COMMAND).measured());
        Result.write("statistics", figures);
    }
}
