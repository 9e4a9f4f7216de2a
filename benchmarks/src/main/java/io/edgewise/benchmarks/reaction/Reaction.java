// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.reaction;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.benchmarks.EvaluatorProcess;
import io.edgewise.benchmarks.Ground;
import io.edgewise.benchmarks.Result;
import io.edgewise.benchmarks.Work;
import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.v1.Directive.Mode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// From evidence of a breach in Kafka to the last connected agent at the champion, through all of the server as it is
/// delivered: evaluator, controller, outbox, Kafka, and the requests that agents hold open. Each round is a rollout of
/// its
/// own, in its canary at 10 %, whose challenger then disagrees with the champion on every request; time
/// runs from before the first of these records is sent. Broker, database, server and agents share the machine.
///
/// The second part has evaluators in processes of their own, and kills one of two at the moment the evidence is sent.
public final class Reaction {
    private static final int DEFAULT_AGENTS = 1_000;
    private static final int DEFAULT_ROUNDS = 50;
    private static final int KILLING_ROUNDS = 5;
    private static final double FASTEST_KNOWN_SECONDS = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CANARY_BP = 1_000;

    private final Ground ground;
    private final Evidence evidence;
    private final int agents;

    private Reaction(Ground ground, Evidence evidence, int agents) {
        this.ground = ground;
        this.evidence = evidence;
        this.agents = agents;
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_ROUNDS;
        int agents = arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_AGENTS;
        try (Ground ground = Ground.open();
                Evidence evidence = new Evidence(ground.kafka())) {
            new Reaction(ground, evidence, agents).run(rounds);
        }
        System.exit(0);
    }

    /// Nanoseconds until the last agent of each round, and of each agent in all rounds.
    private record Delays(List<Long> ofRounds, List<Long> ofAgents) {
        Map<String, Object> said() {
            Map<String, Object> said = new LinkedHashMap<>();
            said.put("rounds", ofRounds.size());
            said.put("lastAgent", percentiles(ofRounds));
            said.put("eachAgent", percentiles(ofAgents));
            return said;
        }

        double lastAgentP99() {
            return seconds(ofRounds, 99);
        }

        private static Map<String, Object> percentiles(List<Long> nanos) {
            Map<String, Object> said = new LinkedHashMap<>();
            said.put("p50Seconds", Work.rounded(seconds(nanos, 50)));
            said.put("p99Seconds", Work.rounded(seconds(nanos, 99)));
            said.put("longestSeconds", Work.rounded(seconds(nanos, 100)));
            return said;
        }

        private static double seconds(List<Long> nanos, int percentile) {
            return Work.percentile(nanos.stream().sorted().toList(), percentile) / 1e9;
        }
    }

    private void run(int rounds) throws Exception {
        Delays whole;
        try (Platform server = server("whole", "all")) {
            whole = measure(server, "whole", rounds, () -> {});
        }
        Delays killed;
        List<Process> evaluators = new ArrayList<>();
        try (Platform server = server("split", "ingest,controller")) {
            evaluators.add(evaluator());
            evaluators.add(evaluator());
            killed = measure(server, "split", KILLING_ROUNDS, () -> {
                evaluators.removeFirst().destroyForcibly().waitFor();
                evaluators.add(evaluator());
            });
        } finally {
            evaluators.forEach(Process::destroyForcibly);
        }
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("agents", agents);
        more.put("observationsOfABreach", Evidence.RECORDS);
        more.put("reaction", whole.said());
        more.put("withAnEvaluatorKilledAtThatMoment", killed.said());
        new Result(
                        "reaction",
                        whole.lastAgentP99(),
                        "s from evidence of a breach in Kafka to the last of " + agents
                                + " connected agents at the champion, p99 of rounds",
                        FASTEST_KNOWN_SECONDS,
                        "s: one interval of Flagger at its usual setting",
                        "benchmarks/run reaction " + rounds + ' ' + agents,
                        more)
                .write();
    }

    private Platform server(String name, String roles) throws Exception {
        return new Platform(
                ground.folder().resolve(name), ground.kafka().bootstrapServers(), ground.databaseUrl(), roles);
    }

    private Process evaluator() throws Exception {
        return EvaluatorProcess.start(ground, List.of("-Xmx384m"), List.of());
    }

    /// What happens at the moment the evidence is sent.
    private interface Strike {
        void now() throws Exception;
    }

    private Delays measure(Platform server, String workload, int rounds, Strike strike) throws Exception {
        List<Long> ofRounds = new ArrayList<>();
        List<Long> ofAgents = new ArrayList<>();
        DeviceSecrets secrets = new DeviceSecrets(server.deviceSecret());
        define(server, workload);
        try (WaitingAgents waiting =
                new WaitingAgents(server.address(), secrets, server.signingKey(), workload, agents)) {
            for (int round = 0; round <= rounds; round++) {
                String rollout = canary(server, workload);
                waiting.await(rollout, Mode.MODE_CANARY, PATIENCE);
                // The evaluator has seen the rollout, as it would have in its shadow.
                evidence.agree(workload, rollout);
                Thread.sleep(1_500);
                long began = System.nanoTime();
                evidence.disagree(workload, rollout);
                strike.now();
                List<Long> delays = waiting.await(rollout, Mode.MODE_CHAMPION_ONLY, PATIENCE).stream()
                        .map(at -> at - began)
                        .toList();
                long last = delays.stream().mapToLong(Long::longValue).max().orElseThrow();
                if (round > 0) {
                    ofRounds.add(last);
                    ofAgents.addAll(delays);
                }
                System.out.printf("round %d of %d: all at the champion after %.3f s%n", round, rounds, last / 1e9);
            }
        }
        return new Delays(ofRounds, ofAgents);
    }

    private static void define(Platform server, String workload) throws Exception {
        server.ask("PUT", "/api/v1/workloads/" + workload, "{\"prices\": {\"cloud\": 5000, \"edge\": 1000}}");
        server.ask(
                "PUT",
                "/api/v1/builds/" + workload + "-int4",
                "{\"workload\": \"" + workload + "\", \"artifacts\": {\"any\": \"" + "a".repeat(64) + "\"}}");
    }

    private static String canary(Platform server, String workload) throws Exception {
        String started = server.ask(
                "POST",
                "/api/v1/rollouts",
                "{\"workload\": \"" + workload + "\", \"champion\": {\"frontier\": \"cloud\"}, \"challenger\": \""
                        + workload + "-int4\", \"plan\": {\"stages\": [{\"shareBp\": 0}, {\"shareBp\": " + CANARY_BP
                        + "}, {\"shareBp\": 10000}]}}");
        String rollout = new ObjectMapper().readTree(started).get("rollout").asText();
        server.ask(
                "POST",
                "/api/v1/rollouts/" + rollout + "/acts",
                "{\"act\": \"promote\", \"who\": \"benchmark\", \"why\": \"a round begins in its canary\"}");
        return rollout;
    }
}
