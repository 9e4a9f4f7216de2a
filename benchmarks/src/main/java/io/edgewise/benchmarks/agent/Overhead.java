// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.agent;

import io.edgewise.benchmarks.Result;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.ModelRef;
import io.edgewise.testkit.OrdersServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// What the agent's distribution adds to a request, against the same model behind the same HTTP stack
/// without it: both run in processes of their own, with the same Java runtime and options, and are asked in
/// turn, two seconds each, at first for long enough that both compilers are done. The agent serves the edge model by
/// orders, records every request durably and
/// mirrors 2 %. Beside that: from exec to ready, resident memory, size of the distribution.
public final class Overhead {
    private static final Path DIST = Path.of("edge-agent", "app", "target", "dist");
    private static final Path AGENT = DIST.resolve("edgewise-agent");
    private static final String BUILD = "edge-intent-int4";
    private static final String EDGE = "folder: data\nedge: {models: %s/models, builds: [" + BUILD + "]}";
    private static final int RATE = 500;
    private static final int CONNECTIONS = 4;
    private static final int SLICE_SECONDS = 2;
    private static final int WARM_UP_SLICES = 40;
    private static final int CPU_SLICES = 8;
    private static final int STARTS = 7;
    private static final String[] TEXTS = {
        "what is the weather like tomorrow",
        "please transfer two hundred dollars from my checking account to my savings account",
        "cancel it",
        "how do you say good morning in french"
    };

    private final Path folder;
    private final int slices;
    private final List<Process> processes = new ArrayList<>();

    private Overhead(Path folder, int slices) {
        this.folder = folder;
        this.slices = slices;
    }

    /// How many slices of two seconds each side gets.
    public static void main(String[] arguments) throws Exception {
        if (!Files.isExecutable(AGENT.resolve("bin/edgewise-agent"))) {
            throw new IllegalStateException("there is no distribution; run ./edgewise build agent first");
        }
        int slices = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 30;
        Path folder = Files.createTempDirectory("edgewise-overhead");
        Overhead overhead = new Overhead(folder, slices);
        try {
            Result.write("overhead", overhead.figures());
        } finally {
            overhead.processes.forEach(Process::destroy);
            for (Process process : overhead.processes) {
                boolean _ = process.waitFor(30, TimeUnit.SECONDS);
            }
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private List<Result> figures() throws Exception {
        double[] load = load();
        double[] starts = starts();
        try (OrdersServer ingest = new OrdersServer();
                ExecutorService threads = Executors.newCachedThreadPool()) {
            int bare = bare();
            Process agent = agent(config(ingest, bare, EDGE), true);
            int port = port("agent.port");
            ingest.order(directive());
            awaitEdge(port);
            Sides sides = measure(threads, port, bare);
            double agentCpu = cpu(agent, threads, port, "frontier-intent");
            double bareCpu = cpu(processes.getFirst(), threads, bare, BUILD);
            long resident = Taken.resident(agent, "VmRSS:");
            long mapped = Taken.resident(agent, "RssFile:");
            long bareResident = Taken.resident(processes.getFirst(), "VmRSS:");
            long withoutModel = withoutModel(threads, ingest, bare);
            List<Result> figures = new ArrayList<>();
            figures.add(added("overhead-p50", sides, 0.5, 200, load));
            figures.add(new Result(
                    "overhead-cpu",
                    agentCpu,
                    "µs of CPU per request, all threads, the disk's included",
                    bareCpu,
                    "the same without the agent",
                    "benchmarks/run overhead",
                    Map.of("loadAverageBefore", load[0])));
            figures.add(added("overhead-p99", sides, 0.99, 1_000, load));
            figures.add(figure(
                    "start-to-ready",
                    starts[STARTS / 2],
                    "s from exec, median",
                    1.5,
                    Map.of("all", Arrays.stream(starts).boxed().toList(), "loadAverageBefore", load[0])));
            figures.add(figure(
                    "resident-memory",
                    withoutModel / 1e6,
                    "MB, all of the process, without a model: all goes to the frontier",
                    200,
                    Map.of(
                            "withModelMb",
                            resident / 1e6,
                            "ofWhichMappedFilesMb",
                            mapped / 1e6,
                            "bareServerWithModelMb",
                            bareResident / 1e6)));
            figures.add(new Result(
                    "distribution",
                    Taken.size(AGENT) / 1e6,
                    "MB unpacked",
                    Taken.size(AGENT.resolve("runtime")) / 1e6,
                    "the Java runtime in it",
                    "benchmarks/run overhead",
                    Map.of(
                            "packedMb", Files.size(DIST.resolve("edgewise-agent.tar.gz")) / 1e6,
                            "nativeLibrariesMb", Taken.size(AGENT.resolve("native")) / 1e6,
                            "startUpCacheMb", Files.size(AGENT.resolve("lib/agent.aot")) / 1e6)));
            return figures;
        }
    }

    private static Result figure(String name, double value, String unit, double wanted, Map<String, Object> more) {
        return new Result(name, value, unit, wanted, "at most, wanted", "benchmarks/run overhead", more);
    }

    private static Result added(String name, Sides sides, double quantile, double wanted, double[] load) {
        double ours = sides.agent().micros(quantile);
        double theirs = sides.bare().micros(quantile);
        double[] apart = sides.apart(quantile);
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("agentMicros", ours);
        more.put("bareMicros", theirs);
        more.put("medianOfPairsMicros", Sides.at(apart, 0.5));
        more.put("quartersOfPairsMicros", List.of(Sides.at(apart, 0.25), Sides.at(apart, 0.75)));
        more.put("requestsEach", sides.requestsEach());
        more.put("requestsPerSecond", RATE);
        more.put("loadAverageBefore", load[0]);
        return new Result(
                name,
                ours - theirs,
                "µs more than without the agent",
                wanted,
                "at most, wanted",
                "benchmarks/run overhead",
                more);
    }

    private static double[] load() throws IOException {
        return Arrays.stream(Files.readString(Path.of("/proc/loadavg")).split(" "))
                .limit(3)
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    /// Both sides in turn.
    private Sides measure(ExecutorService threads, int agent, int bare) throws Exception {
        List<double[]> ours = new ArrayList<>();
        List<double[]> theirs = new ArrayList<>();
        for (int i = 0; i < WARM_UP_SLICES + slices; i++) {
            double[] first = slice(threads, agent, "frontier-intent");
            double[] second = slice(threads, bare, BUILD);
            if (i >= WARM_UP_SLICES) {
                ours.add(first);
                theirs.add(second);
            }
        }
        return new Sides(new Sides.Side(ours), new Sides.Side(theirs));
    }

    /// What a request costs the process in CPU time: less moved by what else the machine does.
    private static double cpu(Process process, ExecutorService threads, int port, String model) throws Exception {
        int requests = 0;
        long before = Taken.cpuMicros(process);
        for (int i = 0; i < CPU_SLICES; i++) {
            requests += slice(threads, port, model).length;
        }
        return (Taken.cpuMicros(process) - before) / (double) requests;
    }

    private static double[] slice(ExecutorService threads, int port, String model) throws Exception {
        byte[][] requests =
                Arrays.stream(TEXTS).map(text -> Load.request(model, text)).toArray(byte[][]::new);
        long apart = TimeUnit.SECONDS.toNanos(1) * CONNECTIONS / RATE;
        long begin = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
        List<Callable<long[]>> connections = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            long first = begin + i * apart / CONNECTIONS;
            connections.add(() -> {
                try (Load load = new Load(port)) {
                    return load.ask(requests, RATE * SLICE_SECONDS / CONNECTIONS, first, apart);
                }
            });
        }
        List<long[]> nanos = new ArrayList<>();
        for (Future<long[]> each : threads.invokeAll(connections)) {
            nanos.add(each.get());
        }
        return nanos.stream().flatMapToLong(Arrays::stream).asDoubleStream().toArray();
    }

    private static Directive.Builder directive() {
        return Directive.newBuilder()
                .setTenant("default")
                .setWorkload("voice-ivr-intent")
                .setRollout("01K9ZZZZZZZZZZZZZZZZZZZZZZ")
                .setIssuedAtMs(System.currentTimeMillis())
                .setMode(Directive.Mode.MODE_APPROVED)
                .setSalt("salt")
                .setShareBp(10_000)
                .setPairingCanaryBp(200)
                .setChampion(ModelRef.newBuilder().setFrontier("frontier-intent"))
                .setChallenger(ModelRef.newBuilder().setBuild(BUILD));
    }

    /// What an agent takes that has no model of its own, after as many requests as the CPU time was measured over.
    private long withoutModel(ExecutorService threads, OrdersServer ingest, int bare) throws Exception {
        Process agent = agent(config(ingest, bare, "folder: frontier-only-data"), true);
        int port = port("agent.port");
        for (int i = 0; i < CPU_SLICES; i++) {
            double[] _ = slice(threads, port, "frontier-intent");
        }
        return Taken.resident(agent, "VmRSS:");
    }

    private Path config(OrdersServer ingest, int frontier, String more) throws IOException {
        Path root = Path.of("").toAbsolutePath();
        int port = freePort();
        Files.writeString(folder.resolve("agent.port"), Integer.toString(port));
        return Files.writeString(folder.resolve("agent.yaml"), """
                device: bench-1
                consent: granted
                http: {port: %d}
                workload: {name: voice-ivr-intent, labels-file: %s/data/clinc150/labels.json}
                frontier: {name: frontier-intent, url: "http://127.0.0.1:%d", model: frontier-intent}
                %s
                server: {url: "%s", token: t, feedback-key: 00112233, signing-key: %s}
                log: {level: warn}
                """.formatted(
                        port, root, frontier, more.formatted(root), ingest.url(), ingest.writeKey(folder)));
    }

    private int port(String file) throws IOException {
        return Integer.parseInt(Files.readString(folder.resolve(file)));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Process start(List<String> command, String log) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        Path.of(System.getProperty("java.io.tmpdir"), log).toFile())
                .start();
        processes.add(process);
        return process;
    }

    private int bare() throws Exception {
        int port = freePort();
        String classPath =
                Path.of("benchmarks/target/classes") + ":" + String.join(":", jars(Path.of("benchmarks/target/lib")));
        Process _ = start(
                List.of(
                        AGENT.resolve("runtime/bin/java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:+UseCompactObjectHeaders",
                        "-Xmx96m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classPath,
                        BareServer.class.getName(),
                        Integer.toString(port),
                        BUILD,
                        "models",
                        "data/clinc150/labels.json"),
                "edgewise-overhead-bare.log");
        awaitAnswer(port, "/");
        return port;
    }

    private static List<String> jars(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(Path::toString).sorted().toList();
        }
    }

    private Process agent(Path config, boolean waits) throws Exception {
        Process process = start(
                List.of(AGENT.resolve("bin/edgewise-agent").toString(), "--config", config.toString()),
                "edgewise-overhead-agent.log");
        if (waits) {
            awaitAnswer(port("agent.port"), "/q/health/ready");
        }
        return process;
    }

    /// Seconds from exec to the first ready answer, sorted.
    private double[] starts() throws Exception {
        double[] seconds = new double[STARTS];
        try (OrdersServer ingest = new OrdersServer()) {
            for (int i = 0; i < STARTS; i++) {
                Path config = config(ingest, 1, EDGE);
                long begin = System.nanoTime();
                Process process = agent(config, true);
                seconds[i] = (System.nanoTime() - begin) / 1e9;
                process.destroy();
                boolean _ = process.waitFor(30, TimeUnit.SECONDS);
                processes.remove(process);
            }
        }
        Arrays.sort(seconds);
        return seconds;
    }

    private static void awaitAnswer(int port, String path) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!answers(port, path)) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("port " + port + " did not answer within a minute");
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static boolean answers(int port, String path) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
            return connection.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static void awaitEdge(int port) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < until) {
            HttpURLConnection metrics = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/q/metrics")
                    .toURL()
                    .openConnection();
            if (new String(metrics.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .contains("edgewise_agent_revision 1")) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        throw new IllegalStateException("the agent did not take its orders within a minute");
    }
}
