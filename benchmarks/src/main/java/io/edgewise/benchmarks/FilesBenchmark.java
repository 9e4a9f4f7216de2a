// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// `edgewise drift` on two files of eight columns against pandas and SciPy on the same files, and `edgewise validate
/// --pairs` on many rows, each as CSV and as Parquet: whole processes, from their start to their end, with their peak
/// memory.
public final class FilesBenchmark {
    private static final int DEFAULT_DRIFT_ROWS = 1_000_000;
    private static final int DEFAULT_PAIRS = 10_000_000;
    private static final int LABELS = 150;
    private static final int ROUNDS = 3;
    private static final double SECOND = 1e9;
    private static final double PSI = 0.005;
    private static final double KS = 0.01;
    private static final Path SCRIPT = Path.of("benchmarks", "python", "files.py");
    private static final Path TO_PARQUET = Path.of("benchmarks", "python", "to_parquet.py");
    private static final String[] DEVICES = {"pixel-8", "iphone-15", "galaxy-s24", "moto-g"};

    private final Path folder;
    private final String python;
    private final ObjectMapper json = new ObjectMapper();

    private FilesBenchmark(Path folder, String python) {
        this.folder = folder;
        this.python = python;
    }

    /// The interpreter, in whose environment `requirements.txt` is installed; rows of each file of drift; pairs.
    public static void main(String[] arguments) throws Exception {
        String python = arguments.length > 0 ? arguments[0] : "python3";
        int rows = arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_DRIFT_ROWS;
        int pairs = arguments.length > 2 ? Integer.parseInt(arguments[2]) : DEFAULT_PAIRS;
        Path folder = Files.createTempDirectory("edgewise-files");
        try {
            FilesBenchmark benchmark = new FilesBenchmark(folder, python);
            Result.write("files", benchmark.all(rows, pairs));
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private record Side(double seconds, long peakBytes) {}

    private List<Result> all(int rows, int pairs) throws Exception {
        Path baseline = table("baseline.csv", rows, 1, 1);
        Path current = table("current.csv", rows, 2, 1.1);
        Result drift = drift("drift", rows, baseline, current);
        Result driftParquet = drift("drift-parquet", rows, parquet(baseline), parquet(current));
        Path logged = logged(pairs);
        Result validate = validate("validate", pairs, logged);
        return List.of(drift, driftParquet, validate, validate("validate-parquet", pairs, parquet(logged)));
    }

    /// The same table as Parquet; not measured.
    private Path parquet(Path csv) throws Exception {
        Path parquet = folder.resolve(csv.getFileName() + ".parquet");
        once(List.of(python, TO_PARQUET.toString(), csv.toString(), parquet.toString()));
        return parquet;
    }

    private Result drift(String name, int rows, Path baseline, Path current) throws Exception {
        Path ours = folder.resolve("ours.json");
        Path theirs = folder.resolve("theirs.json");
        List<String> command = List.of(
                "./edgewise",
                "drift",
                "--baseline",
                baseline.toString(),
                "--current",
                current.toString(),
                "--out",
                ours.toString());
        List<String> script =
                List.of(python, SCRIPT.toString(), baseline.toString(), current.toString(), theirs.toString());
        Side java = best(command);
        Side pandas = best(script);
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("rowsInEachFile", rows);
        more.put("columns", 8);
        more.put("bytesOfBothFiles", Files.size(baseline) + Files.size(current));
        more.put("timesFaster", Work.rounded(pandas.seconds / java.seconds));
        more.put("peakBytes", java.peakBytes);
        more.put("pythonPeakBytes", pandas.peakBytes);
        // Chance adds to the index of every label, which the script counts apart and we, past twenty, together.
        more.put("largestDifferenceOfPsi", apart(ours, theirs, "psi", PSI + 2.0 * LABELS / rows));
        more.put("largestDifferenceOfD", apart(ours, theirs, "ks", KS));
        more.put("bestOf", ROUNDS);
        return new Result(
                name,
                java.seconds,
                "s of the whole process",
                pandas.seconds,
                "s of Python's process with pandas and SciPy on the same files",
                "benchmarks/run files <interpreter> " + rows,
                more);
    }

    private double apart(Path ours, Path theirs, String figure, double allowed) throws IOException {
        JsonNode expected = json.readTree(theirs.toFile()).required("columns");
        double largest = 0;
        for (JsonNode column : json.readTree(ours.toFile()).required("columns")) {
            JsonNode other = expected.required(column.required("column").textValue());
            if (other.has(figure)) {
                JsonNode value = figure.equals("psi")
                        ? column.required("psi").required("value")
                        : column.required("distribution").required("d");
                largest = Math.max(
                        largest,
                        Math.abs(value.doubleValue() - other.required(figure).doubleValue()));
            }
        }
        if (largest > allowed) {
            throw new IllegalStateException("the two sides differ by " + largest + " in " + figure);
        }
        return largest;
    }

    private Path logged(int rows) throws IOException {
        Path file = folder.resolve("pairs.csv");
        Random random = new Random(3);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            write(out, "edge,frontier,truth,confidence,latency_ms,device\n");
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < rows; i++) {
                int frontier = random.nextInt(LABELS);
                int edge = random.nextInt(10) > 0 ? frontier : random.nextInt(LABELS);
                int truth = random.nextInt(12) > 0 ? frontier : edge;
                line.setLength(0);
                line.append("intent_")
                        .append(edge)
                        .append(",intent_")
                        .append(frontier)
                        .append(",intent_")
                        .append(truth);
                line.append(',')
                        .append(decimal(1 - random.nextDouble() * random.nextDouble(), 1_000_000))
                        .append(',');
                line.append(decimal(10 + 90 * random.nextDouble(), 100)).append(',');
                line.append(DEVICES[random.nextInt(DEVICES.length)]).append('\n');
                write(out, line.toString());
            }
        }
        return file;
    }

    private Result validate(String name, int rows, Path file) throws Exception {
        Side java = once(List.of(
                "./edgewise",
                "validate",
                "--pairs",
                file.toString(),
                "--map",
                "edge=edge,frontier=frontier,truth=truth,confidence=confidence,edge-latency=latency_ms,slice=device",
                "--out",
                folder.resolve("pairs.json").toString()));
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("rows", rows);
        more.put("bytes", Files.size(file));
        more.put("seconds", Work.rounded(java.seconds));
        more.put("peakBytes", java.peakBytes);
        more.put("heap", "512 MB at most");
        return new Result(
                name,
                rows / java.seconds,
                "rows/s of the whole process",
                rows / 60.0,
                "a minute for all of them",
                "benchmarks/run files <interpreter> " + DEFAULT_DRIFT_ROWS + " " + rows,
                more);
    }

    private Path table(String name, int rows, long seed, double slower) throws IOException {
        Path file = folder.resolve(name);
        Random random = new Random(seed);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            write(out, "latency,confidence,entropy,tokens,cost,device,label,score\n");
            for (int i = 0; i < rows; i++) {
                String line = decimal(slower * Math.exp(4 + 0.8 * random.nextGaussian()), 1000) + ","
                        + decimal(1 - random.nextDouble() * random.nextDouble(), 1_000_000) + ","
                        + -0.4 * Math.log(1 - random.nextDouble()) + ","
                        + Math.max(0, Math.round(40 + 7 * random.nextGaussian())) + ","
                        + decimal(0.002 * -Math.log(1 - random.nextDouble()), 1e7) + ","
                        + DEVICES[random.nextInt(DEVICES.length)] + ",intent_" + random.nextInt(LABELS) + ","
                        + random.nextGaussian() + "\n";
                write(out, line);
            }
        }
        return file;
    }

    private static String decimal(double value, double scale) {
        return Double.toString(Math.rint(value * scale) / scale);
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Side best(List<String> command) throws Exception {
        List<Side> sides = new ArrayList<>();
        once(command);
        for (int i = 0; i < ROUNDS; i++) {
            sides.add(once(command));
        }
        return sides.stream()
                .min(java.util.Comparator.comparingDouble(Side::seconds))
                .orElseThrow();
    }

    /// Linux says the peak of a process only as long as it runs: it is asked for again and again. The launcher becomes
    /// Java without a new process.
    private static Side once(List<String> command) throws Exception {
        long began = System.nanoTime();
        Process process = new ProcessBuilder(command).inheritIO().start();
        long peak = 0;
        while (!process.waitFor(10, TimeUnit.MILLISECONDS)) {
            peak = Math.max(peak, EvaluatorProcess.peakBytes(process));
        }
        double seconds = (System.nanoTime() - began) / SECOND;
        if (process.exitValue() != 0) {
            throw new IllegalStateException(command + " ended with " + process.exitValue() + "; see its message above");
        }
        return new Side(seconds, peak);
    }
}
