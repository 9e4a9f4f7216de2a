// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.torture;

import io.edgewise.benchmarks.EvaluatorProcess;
import io.edgewise.contracts.Topics;
import io.edgewise.embedded.EmbeddedPostgres;
import io.edgewise.embedded.EmbeddedTopics;
import io.edgewise.runtime.jdbc.Migrations;
import io.edgewise.runtime.role.Role.Migration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A broker and instances of one program in processes of their own and a PostgreSQL, each of which can be killed and
/// started again. Instances reach the database through a [CutProxy].
final class Machines {
    private static final Logger LOG = LoggerFactory.getLogger(Machines.class);
    private static final long PATIENCE_MS = 60_000;
    private static final long LOOK_EVERY_MS = 50;

    private final Path folder;
    private final int brokerPort = freePort();
    private final int databasePort = freePort();
    private final Program program;
    private final List<Process> instances = new ArrayList<>();
    private final CutProxy proxy = CutProxy.to(databasePort);
    private Process broker;
    private EmbeddedPostgres postgres;
    private int logs;

    /// What runs here: its main class, what it is told beside broker and database, and what it needs there.
    record Program(String main, List<String> arguments, List<NewTopic> topics, List<Migration> migrations) {
        static final Program EVALUATOR = new Program(
                EvaluatorProcess.class.getName(),
                List.of(),
                List.of(
                        new NewTopic(Topics.OBSERVATIONS, Topics.PARTITIONS, (short) 1),
                        new NewTopic(Topics.FEEDBACK, Topics.PARTITIONS, (short) 1),
                        new NewTopic(Topics.DEAD_LETTERS, 1, (short) 1)),
                List.of(new Migration("evaluator", "db/evaluator")));
    }

    Machines(Program program) throws Exception {
        this.program = program;
        folder = Files.createTempDirectory("edgewise-torture");
        broker = broker();
        postgres = EmbeddedPostgres.start(folder, databasePort);
        EmbeddedTopics.create(bootstrapServers(), program.topics());
        Migrations.run(postgres.dataSource(), program.migrations());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    String bootstrapServers() {
        return "127.0.0.1:" + brokerPort;
    }

    javax.sql.DataSource database() {
        return postgres.dataSource();
    }

    CutProxy proxy() {
        return proxy;
    }

    List<Process> instances() {
        return instances;
    }

    private Process java(List<String> options, String main, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        command.addAll(arguments);
        Path log = folder.resolve("process-" + logs++ + ".log");
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }

    private Process broker() throws IOException, InterruptedException {
        Process process = java(
                List.of("-Xmx512m"),
                BrokerProcess.class.getName(),
                List.of(folder.toString(), Integer.toString(brokerPort)));
        await(brokerPort, process, "the broker");
        return process;
    }

    /// One more instance.
    void add() throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of(bootstrapServers(), "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/postgres"));
        arguments.addAll(program.arguments());
        instances.add(java(List.of("-Xmx384m", "-XX:TieredStopAtLevel=1"), program.main(), arguments));
    }

    void kill(int instance) throws InterruptedException {
        instances.remove(instance).destroyForcibly().waitFor();
    }

    /// Asks it to end; returns at once.
    void end(int instance) {
        instances.remove(instance).destroy();
    }

    /// Stands still, and goes on later as if nothing had happened.
    void pause(int instance, long ms) throws IOException, InterruptedException {
        Process process = instances.get(instance);
        signal("STOP", process);
        Thread.sleep(ms);
        signal("CONT", process);
    }

    private static void signal(String name, Process process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    void restartBroker(boolean isKilled) throws IOException, InterruptedException {
        if (isKilled) {
            broker.destroyForcibly().waitFor();
        } else {
            broker.getOutputStream().close();
            if (!broker.waitFor(PATIENCE_MS, TimeUnit.MILLISECONDS)) {
                broker.destroyForcibly().waitFor();
            }
        }
        broker = broker();
    }

    void restartDatabase(boolean isKilled) throws IOException, InterruptedException {
        if (isKilled) {
            killDatabase();
        }
        try {
            postgres.close();
        } catch (IOException | RuntimeException e) {
            LOG.debug("A killed database cannot be stopped.", e);
        }
        postgres = EmbeddedPostgres.start(folder, databasePort);
    }

    private void killDatabase() throws IOException, InterruptedException {
        Path pidFile = folder.resolve("postgresql").resolve("postmaster.pid");
        long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
        ProcessHandle postmaster = ProcessHandle.of(pid)
                .orElseThrow(() -> new IllegalStateException("no process " + pid + " as " + pidFile + " says"));
        List<ProcessHandle> children = postmaster.descendants().toList();
        postmaster.destroyForcibly();
        long patience = System.currentTimeMillis() + PATIENCE_MS;
        while (postmaster.isAlive() || children.stream().anyMatch(ProcessHandle::isAlive)) {
            if (System.currentTimeMillis() > patience) {
                children.forEach(ProcessHandle::destroyForcibly);
            }
            Thread.sleep(LOOK_EVERY_MS);
        }
    }

    private void await(int port, Process process, String what) throws IOException, InterruptedException {
        long patience = System.currentTimeMillis() + PATIENCE_MS;
        while (true) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.currentTimeMillis() > patience) {
                    throw new IOException(what + " did not start; its log is in " + folder, e);
                }
            }
            Thread.sleep(LOOK_EVERY_MS);
        }
    }

    /// Where the processes' logs are; kept when the run failed.
    Path folder() {
        return folder;
    }

    /// Ends everything, at once.
    void killAll() throws IOException, InterruptedException {
        for (Process instance : instances) {
            signal("CONT", instance);
            instance.destroyForcibly().waitFor();
        }
        proxy.close();
        broker.destroyForcibly().waitFor();
        postgres.close();
    }

    void deleteFiles() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
