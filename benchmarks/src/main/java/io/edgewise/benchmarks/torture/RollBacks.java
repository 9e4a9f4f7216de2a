// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.torture;

import com.google.protobuf.ByteString;
import io.edgewise.benchmarks.ControllerProcess;
import io.edgewise.benchmarks.Pacing;
import io.edgewise.benchmarks.Result;
import io.edgewise.benchmarks.Trial;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Signed;
import io.edgewise.controller.SigningKeys;
import io.edgewise.controller.shell.Bodies.RolloutView;
import io.edgewise.controller.shell.Looking;
import io.edgewise.controller.shell.RolloutDesk;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.role.Role.Migration;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Rounds of a roll-back during which something is killed: an instance of the controller, the database or the broker
/// killed, stopped for a while or cut off, also exactly at a COMMIT, up to half a second after the evidence of a breach
/// is there. In every round there must be one decision to roll back, its chain intact, and in the end one directive of
/// it on Kafka, however often it was sent, as the last one of its rollout.
public final class RollBacks {
    private static final int DEFAULT_ROUNDS = 200;
    private static final int INSTANCES = 2;
    private static final int PARTITIONS = 4;
    private static final int LONGEST_DELAY_MS = 500;
    private static final long PATIENCE_MS = 90_000;
    private static final long LOOK_EVERY_MS = 50;
    private static final String NOTHING_WAITS = "SELECT count(*) FROM controller.outbox WHERE sent_at IS NULL";

    enum Fault {
        KILL_INSTANCE,
        STOP_INSTANCE,
        KILL_DATABASE,
        RESTART_DATABASE,
        KILL_BROKER,
        CUT_ALL_CONNECTIONS,
        CUT_BEFORE_COMMIT,
        CUT_AFTER_COMMIT
    }

    private final int rounds;
    private final long seed;
    private final SplittableRandom random;
    private final SigningKeys keys;
    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    private final List<Double> seconds = new ArrayList<>();
    private final Set<String> rollouts = new HashSet<>();

    RollBacks(int rounds, long seed) throws Exception {
        this.rounds = rounds;
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.keys = ControllerProcess.keys();
    }

    public static void main(String[] arguments) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_ROUNDS;
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 20261130;
        new RollBacks(rounds, seed).run().write();
        System.exit(0);
    }

    /// Throws where a roll-back was decided or ordered twice, or not at all.
    Result run() throws Exception {
        Machines machines = new Machines(new Machines.Program(
                ControllerProcess.class.getName(),
                ControllerProcess.said(keys),
                List.of(new NewTopic(Topics.DIRECTIVES, PARTITIONS, (short) 1)),
                List.of(new Migration("controller", "db/controller"), new Migration("evaluator", "db/evaluator"))));
        boolean isWell = false;
        try {
            for (int i = 0; i < INSTANCES; i++) {
                machines.add();
            }
            for (int round = 1; round <= rounds; round++) {
                Fault fault = round <= Fault.values().length
                        ? Fault.values()[round - 1]
                        : Fault.values()[random.nextInt(Fault.values().length)];
                faults.merge(fault, 1, Integer::sum);
                round(machines, round, fault);
                System.out.printf(
                        "round %d of %d: %s; rolled back and ordered after %.1f s%n",
                        round, rounds, fault, seconds.getLast());
            }
            Map<String, Integer> sent = requireOrders(machines);
            isWell = true;
            return result(machines, sent);
        } finally {
            machines.killAll();
            if (isWell) {
                machines.deleteFiles();
            } else {
                System.err.println("seed " + seed + " fails; logs are in " + machines.folder());
            }
        }
    }

    private void round(Machines machines, int round, Fault fault) throws Exception {
        String id = Trial.start(desk(machines), "workload-" + round);
        rollouts.add(id);
        breach(machines, "workload-" + round, id);
        long began = System.currentTimeMillis();
        Thread.sleep(random.nextInt(LONGEST_DELAY_MS));
        strike(fault, machines);
        RolloutView end = awaitEnd(machines, id);
        seconds.add((System.currentTimeMillis() - began) / 1e3);
        long decisions = end.decisions().stream()
                .filter(decision -> decision.kind().equals("rolled_back"))
                .count();
        if (decisions != 1 || end.revision() != 2 || !desk(machines).audit(id).intact()) {
            throw new IllegalStateException("rollout " + id + " was rolled back by " + decisions
                    + " decisions, is at revision " + end.revision() + ", its chain intact: "
                    + desk(machines).audit(id).intact());
        }
    }

    private RolloutDesk desk(Machines machines) {
        return new RolloutDesk(
                new Database(machines.database()), keys, InstantSource.system(), Pacing.USUAL, new Looking());
    }

    /// Three of four pairs disagree, as the evaluator would publish it.
    private static void breach(Machines machines, String workload, String rollout) throws SQLException {
        Tally tally = new Tally()
                .add(Measures.REQUESTS, 0, 4_000)
                .add(Measures.DEVICES, 0, 60)
                .add(Measures.PAIRS, 0, 1_000)
                .add(Measures.PAIRS, 1, 3_000);
        new Database(machines.database()).transact(sql -> {
            sql.update("""
                    INSERT INTO evaluator.evidence (tenant, rollout, workload, stage, cohort, pairing_rate_bp, escalated,
                                                    slice, tally, last_append_ms)
                    VALUES ('default', ?, ?, 0, 1, 10000, false, 'all', ?, ?)
                    """, rollout, workload, tally.encode(), System.currentTimeMillis());
            return sql.list("SELECT pg_notify('edgewise_evidence', ?)", row -> true, rollout);
        });
    }

    private void strike(Fault fault, Machines machines) throws Exception {
        int one = random.nextInt(machines.instances().size());
        switch (fault) {
            case KILL_INSTANCE -> {
                machines.kill(one);
                machines.add();
            }
            case STOP_INSTANCE -> machines.pause(one, 200 + random.nextInt(7_000));
            case KILL_DATABASE -> machines.restartDatabase(true);
            case RESTART_DATABASE -> machines.restartDatabase(false);
            case KILL_BROKER -> machines.restartBroker(true);
            case CUT_ALL_CONNECTIONS -> machines.proxy().cutAll();
            case CUT_BEFORE_COMMIT -> machines.proxy().cutBeforeCommit();
            case CUT_AFTER_COMMIT -> machines.proxy().cutAfterCommit();
        }
    }

    /// Until the rollout is over and no order waits.
    private RolloutView awaitEnd(Machines machines, String id) throws InterruptedException {
        long patience = System.currentTimeMillis() + PATIENCE_MS;
        String seen = "";
        while (true) {
            try {
                RolloutView view = desk(machines).get(id);
                seen = view.phase() + ", " + view.outlook();
                long waiting = new Database(machines.database())
                        .read(sql ->
                                sql.first(NOTHING_WAITS, row -> row.getLong(1)).orElseThrow());
                if (view.outcome() != null && waiting == 0) {
                    return view;
                }
            } catch (SQLException | RuntimeException e) {
                if (System.currentTimeMillis() > patience) {
                    throw new IllegalStateException("rollout " + id + " cannot be read", e);
                }
            }
            if (System.currentTimeMillis() > patience) {
                throw new IllegalStateException("rollout " + id + " was not rolled back and ordered within "
                        + PATIENCE_MS / 1_000 + " s: " + seen);
            }
            Thread.sleep(LOOK_EVERY_MS);
        }
    }

    /// One roll-back directive of each rollout, the same bytes each time it came, and it is the last one. Returns how
    /// often each came.
    private Map<String, Integer> requireOrders(Machines machines) throws Exception {
        Map<String, Set<ByteString>> orders = new HashMap<>();
        Map<String, Integer> times = new HashMap<>();
        Map<String, Long> last = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : directives(machines)) {
            Signed signed = Signed.parseFrom(record.value());
            if (!signed.getDomain().equals(Signing.DIRECTIVE)) {
                continue;
            }
            Directive directive = Directive.parseFrom(signed.getPayload());
            last.put(directive.getRollout(), directive.getRevision());
            if (directive.getRevision() > 1) {
                orders.computeIfAbsent(directive.getRollout(), rollout -> new HashSet<>())
                        .add(signed.getPayload());
                times.merge(directive.getRollout(), 1, Integer::sum);
            }
        }
        for (String rollout : rollouts) {
            int different = orders.getOrDefault(rollout, Set.of()).size();
            if (different != 1 || last.getOrDefault(rollout, 0L) != 2) {
                throw new IllegalStateException("rollout " + rollout + " has " + different
                        + " different orders to roll back, and the last on Kafka has revision " + last.get(rollout));
            }
        }
        return times;
    }

    private static List<ConsumerRecord<byte[], byte[]>> directives(Machines machines) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            partitions.add(new TopicPartition(Topics.DIRECTIVES, partition));
        }
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", machines.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                consumer.poll(Duration.ofMillis(200)).forEach(all::add);
            }
        }
        return all;
    }

    private Result result(Machines machines, Map<String, Integer> sent) {
        double[] sorted =
                seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("seed", seed);
        more.put("instances", INSTANCES);
        Map<String, Object> struck = new LinkedHashMap<>();
        faults.forEach((fault, times) -> struck.put(fault.name(), times));
        more.put("faults", struck);
        more.put("connectionsCutAtCommit", machines.proxy().cuts());
        more.put("decisionsToRollBack", rollouts.size());
        more.put(
                "ordersSentAgain",
                sent.values().stream().mapToInt(times -> times - 1).sum());
        more.put("medianSecondsToRollBackAndOrder", sorted[sorted.length / 2]);
        more.put("longestSecondsToRollBackAndOrder", Arrays.stream(sorted).max().orElse(0));
        return new Result(
                "roll-backs",
                rounds,
                "rounds of a fault during a roll-back with one decision, one order and an intact chain",
                200,
                "rounds that are asked for",
                "benchmarks/run roll-backs " + rounds + ' ' + seed,
                more);
    }
}
