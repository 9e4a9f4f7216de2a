// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.util.JsonFormat;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;

/// The same figures of the same observations by the evaluator and by the obvious Python (`benchmarks/python`): time and
/// peak memory of both, and whether the numbers agree.
///
/// The evaluator's way is the product's: from records in Kafka to counts in PostgreSQL, and figures read from there.
/// Python's is from JSON lines in a file to figures. Both are whole processes, from their start to their end. Broker
/// and
/// database are not part of the evaluator's memory.
public final class PythonComparison {
    private static final int DEVICES = 20_000;
    private static final int MINUTES = 10;
    private static final int DEFAULT_OBSERVATIONS = 1_000_000;
    private static final double EXACT = 1e-9;
    private static final double SKETCH = 0.01;
    private static final double SECOND = 1e9;
    private static final List<String> OPTIONS = List.of("-Xmx256m");
    private static final Path SCRIPT = Path.of("benchmarks", "python", "evaluate.py");

    private final Ground ground;
    private final String python;
    private final int observations;
    private final Traffic traffic = Traffic.of(DEVICES).withAttributes(3, 4);
    private final ObjectMapper json = new ObjectMapper();

    private PythonComparison(Ground ground, String python, int observations) {
        this.ground = ground;
        this.python = python;
        this.observations = observations;
    }

    /// The interpreter, in whose environment `requirements.txt` is installed, and how many observations.
    public static void main(String[] arguments) throws Exception {
        String python = arguments.length > 0 ? arguments[0] : "python3";
        int observations = arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_OBSERVATIONS;
        try (Ground ground = Ground.open()) {
            new PythonComparison(ground, python, observations).run();
        }
    }

    /// One side's way from its start to its end.
    private record Side(double seconds, long peakBytes, JsonNode figures) {}

    /// Largest differences.
    private record Apart(int exact, double exactDifference, int sketched, double sketchError) {}

    private void run() throws Exception {
        Path lines = ground.folder().resolve("observations.jsonl");
        fill(lines);
        evaluator();
        ground.forget();
        Side java = evaluator();
        Side script = script(lines);
        Apart apart = compare(java.figures, script.figures);
        System.out.println(apart);
        write(lines, java, script, apart);
        requireEqual(apart);
    }

    private void fill(Path lines) throws IOException {
        Fleet fleet = new Fleet(traffic, 1);
        JsonFormat.Printer printer = JsonFormat.printer().omittingInsignificantWhitespace();
        long first = System.currentTimeMillis() - MINUTES * 60_000L;
        try (BufferedWriter out = Files.newBufferedWriter(lines);
                Feed feed = new Feed(ground.kafka(), 20)) {
            for (int i = 0; i < observations; i++) {
                ProducerRecord<byte[], byte[]> record = fleet.next(first + i * (MINUTES * 60_000L) / observations);
                feed.send(record);
                printer.appendTo(Fleet.decoded(record), out);
                out.newLine();
            }
        }
    }

    private Side evaluator() throws Exception {
        Path out = ground.folder().resolve("evaluator.json");
        Side side = side(
                EvaluatorProcess.start(ground, OPTIONS, List.of(Integer.toString(observations), out.toString())),
                out,
                "the evaluator");
        ground.account().require(observations);
        return side;
    }

    private Side script(Path lines) throws Exception {
        Path out = ground.folder().resolve("python.json");
        Process process = new ProcessBuilder(python, SCRIPT.toString(), lines.toString(), out.toString())
                .inheritIO()
                .start();
        return side(process, out, python + " with benchmarks/python/requirements.txt installed");
    }

    /// Linux says the peak of a process only as long as it runs: it is asked for again and again.
    private Side side(Process process, Path out, String what) throws Exception {
        long began = System.nanoTime();
        long peak = 0;
        while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
            peak = Math.max(peak, EvaluatorProcess.peakBytes(process));
        }
        double seconds = (System.nanoTime() - began) / SECOND;
        if (process.exitValue() != 0) {
            throw new IllegalStateException(what + " ended with " + process.exitValue() + "; see its message above");
        }
        return new Side(seconds, peak, json.readTree(out.toFile()));
    }

    private static Apart compare(JsonNode java, JsonNode script) {
        Map<String, Double> ours = new TreeMap<>();
        Map<String, Double> theirs = new TreeMap<>();
        for (String part : List.of("slices", "windows")) {
            flatten(part, java.required(part), ours);
            flatten(part, script.required(part), theirs);
        }
        if (!ours.keySet().equals(theirs.keySet())) {
            List<String> differing = new ArrayList<>(ours.keySet());
            differing.removeAll(theirs.keySet());
            theirs.keySet().stream().filter(key -> !ours.containsKey(key)).forEach(differing::add);
            throw new IllegalStateException("only one side has " + differing);
        }
        int sketched = 0;
        double exactDifference = 0;
        double sketchError = 0;
        for (Map.Entry<String, Double> entry : ours.entrySet()) {
            double expected = theirs.getOrDefault(entry.getKey(), Double.NaN);
            double difference = Math.abs(entry.getValue() - expected);
            boolean isSketched = entry.getKey().matches(".*/p\\d.*");
            if (Double.isNaN(difference)) {
                throw new IllegalStateException(entry + " against " + expected);
            }
            if (isSketched) {
                sketched++;
                sketchError = Math.max(sketchError, difference / expected);
            } else {
                if (difference > EXACT * Math.max(1, Math.abs(expected))) {
                    System.out.println(entry + " against " + expected);
                }
                exactDifference = Math.max(exactDifference, difference / Math.max(1, Math.abs(expected)));
            }
        }
        return new Apart(ours.size() - sketched, exactDifference, sketched, sketchError);
    }

    private static void flatten(String path, JsonNode node, Map<String, Double> into) {
        if (node.isNumber()) {
            into.put(path, node.doubleValue());
            return;
        }
        node.properties().forEach(field -> flatten(path + '/' + field.getKey(), field.getValue(), into));
    }

    private static void requireEqual(Apart apart) {
        if (apart.exactDifference > EXACT || apart.sketchError > SKETCH) {
            throw new IllegalStateException("the figures differ: " + apart);
        }
    }

    private void write(Path lines, Side java, Side script, Apart apart) throws IOException {
        Map<String, Object> more = new LinkedHashMap<>(traffic.said());
        more.put("observations", observations);
        more.put("jsonBytes", Files.size(lines));
        more.put("timesFaster", Work.rounded(script.seconds / java.seconds));
        more.put("evaluatorPeakBytes", java.peakBytes);
        more.put("pythonPeakBytes", script.peakBytes);
        more.put("memoryRatio", Work.rounded((double) java.peakBytes / script.peakBytes));
        more.put("evaluatorWithoutStartAndJoin", java.figures.required("evaluator"));
        more.put("python", script.figures.required("python"));
        more.put("exactFigures", apart.exact);
        more.put("largestDifferenceOfExactFigures", apart.exactDifference);
        more.put("percentiles", apart.sketched);
        more.put("largestRelativeErrorOfPercentiles", apart.sketchError);
        more.put("evaluatorIs", "Kafka records to PostgreSQL to figures, java " + String.join(" ", OPTIONS));
        more.put("pythonIs", "JSON lines in a file to figures");
        new Result(
                        "python",
                        java.seconds,
                        "s of the evaluator's process for all figures",
                        script.seconds,
                        "s of Python's process for the same figures",
                        "benchmarks/run python <interpreter> " + observations,
                        more)
                .write();
    }
}
