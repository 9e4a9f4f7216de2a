// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.torture;

import io.edgewise.benchmarks.EvaluatorProcess;
import io.edgewise.benchmarks.Result;
import io.edgewise.contracts.Topics;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Rounds of random faults while a fleet sends: evaluators killed, stopped for longer than the group waits, ended and
/// added; the broker and the database killed or restarted; database connections cut, also exactly at a COMMIT. In every
/// round the accounts must add up; every few rounds, and in the end, all counts, sums and bins are compared with a
/// ledger, to the observation.
public final class Torture {
    private static final int DEFAULT_ROUNDS = 200;
    private static final int DEFAULT_RATE = 10_000;
    private static final int DEVICES = 2_000;
    private static final int MOST_EVALUATORS = 3;
    private static final long PATIENCE_MS = 120_000;
    private static final long LOOK_EVERY_MS = 100;

    enum Fault {
        KILL_EVALUATOR,
        STOP_EVALUATOR_SHORTLY,
        STOP_EVALUATOR_BEYOND_ITS_SESSION,
        END_EVALUATOR,
        ADD_EVALUATOR,
        KILL_BROKER,
        RESTART_BROKER,
        KILL_DATABASE,
        RESTART_DATABASE,
        CUT_ALL_CONNECTIONS,
        CUT_BEFORE_COMMIT,
        CUT_AFTER_COMMIT
    }

    private final int rounds;
    private final int rate;
    private final long seed;
    private final int checkEvery;
    private final List<Fault> kinds;
    private final SplittableRandom random;
    private final Ledger ledger = new Ledger();
    private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
    private final List<Double> recoveries = new ArrayList<>();
    private int checks;

    Torture(int rounds, int rate, long seed, int checkEvery, List<Fault> kinds) {
        this.rounds = rounds;
        this.rate = rate;
        this.seed = seed;
        this.checkEvery = checkEvery;
        this.kinds = kinds;
        this.random = new SplittableRandom(seed);
    }

    public static void main(String[] arguments) throws Exception {
        Logger.getLogger("").setLevel(Level.OFF);
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_ROUNDS;
        int rate = arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_RATE;
        long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : 20261129;
        List<Fault> faults = arguments.length > 3
                ? Arrays.stream(arguments).skip(3).map(Fault::valueOf).toList()
                : List.of(Fault.values());
        Result result = new Torture(rounds, rate, seed, 10, faults).run();
        if (arguments.length <= 3) {
            result.write();
        }
        System.exit(0);
    }

    /// Throws where anything was lost, doubled or out of balance.
    Result run() throws Exception {
        Machines machines = new Machines(Machines.Program.EVALUATOR);
        boolean isWell = false;
        TortureFleet fleet = new TortureFleet(DEVICES, seed, ledger, EvaluatorProcess.SECRETS);
        try (Sender sender = new Sender(machines.bootstrapServers(), fleet, rate)) {
            machines.add();
            machines.add();
            sender.goOn();
            awaitProgress(machines, sender);
            for (int round = 1; round <= rounds; round++) {
                Fault fault = kinds.get(random.nextInt(kinds.size()));
                faults.merge(fault, 1, Integer::sum);
                strike(fault, machines);
                long began = System.currentTimeMillis();
                awaitProgress(machines, sender);
                recoveries.add((System.currentTimeMillis() - began) / 1e3);
                requireBalance(machines);
                System.out.printf(
                        "round %d of %d: %s; counting again after %.1f s; %d counted%n",
                        round, rounds, fault, recoveries.getLast(), counted(machines));
                if (round % checkEvery == 0 || round == rounds) {
                    check(machines, sender);
                    if (round < rounds) {
                        sender.goOn();
                    }
                }
            }
            isWell = true;
            return result(machines);
        } finally {
            machines.killAll();
            if (isWell) {
                machines.deleteFiles();
            } else {
                System.err.println("seed " + seed + " fails; logs are in " + machines.folder());
            }
        }
    }

    private void strike(Fault fault, Machines machines) throws Exception {
        int evaluators = machines.instances().size();
        int one = random.nextInt(evaluators);
        switch (fault) {
            case KILL_EVALUATOR -> {
                machines.kill(one);
                machines.add();
            }
            case STOP_EVALUATOR_SHORTLY -> machines.pause(one, 200 + random.nextInt(3_000));
            case STOP_EVALUATOR_BEYOND_ITS_SESSION -> machines.pause(one, 6_500 + random.nextInt(4_000));
            case END_EVALUATOR -> {
                machines.end(one);
                if (evaluators == 1 || random.nextBoolean()) {
                    machines.add();
                }
            }
            case ADD_EVALUATOR -> {
                if (evaluators == MOST_EVALUATORS) {
                    machines.kill(one);
                }
                machines.add();
            }
            case KILL_BROKER -> machines.restartBroker(true);
            case RESTART_BROKER -> machines.restartBroker(false);
            case KILL_DATABASE -> machines.restartDatabase(true);
            case RESTART_DATABASE -> machines.restartDatabase(false);
            case CUT_ALL_CONNECTIONS -> machines.proxy().cutAll();
            case CUT_BEFORE_COMMIT -> atCommits(machines.proxy(), machines.proxy()::cutBeforeCommit);
            case CUT_AFTER_COMMIT -> atCommits(machines.proxy(), machines.proxy()::cutAfterCommit);
        }
    }

    private void atCommits(CutProxy proxy, Runnable cut) throws InterruptedException {
        for (int times = 1 + random.nextInt(4); times > 0; times--) {
            int before = proxy.cuts();
            cut.run();
            for (int i = 0; i < PATIENCE_MS / LOOK_EVERY_MS && proxy.cuts() == before; i++) {
                Thread.sleep(LOOK_EVERY_MS);
            }
        }
    }

    /// Waits until something that was sent from now on is counted.
    private static void awaitProgress(Machines machines, Sender sender) throws Exception {
        long patience = System.currentTimeMillis() + PATIENCE_MS;
        Counted counted = new Counted(machines.database());
        long before = counted.accounts(Topics.OBSERVATIONS).accounted();
        while (counted.accounts(Topics.OBSERVATIONS).accounted() == before) {
            sender.requireWell();
            requirePatience(patience, "nothing more was counted", machines);
            Thread.sleep(LOOK_EVERY_MS);
        }
    }

    private static void requirePatience(long untilMs, String what, Machines machines) {
        if (System.currentTimeMillis() > untilMs) {
            throw new IllegalStateException(
                    what + " for " + PATIENCE_MS / 1_000 + " s; logs are in " + machines.folder());
        }
    }

    private static void requireBalance(Machines machines) throws SQLException {
        long imbalances = new Counted(machines.database()).imbalances();
        if (imbalances != 0) {
            throw new IllegalStateException(imbalances + " accounts do not add up");
        }
    }

    /// Stops the fleet, waits until all is counted, and compares.
    private void check(Machines machines, Sender sender) throws Exception {
        sender.pause();
        Counted counted = new Counted(machines.database());
        long patience = System.currentTimeMillis() + PATIENCE_MS;
        for (Map.Entry<String, Ledger.Records> each : sent().entrySet()) {
            String topic = each.getKey();
            Ledger.Records records = each.getValue();
            while (!records.isAll(counted.accounts(topic))) {
                requirePatience(
                        patience,
                        topic + ": " + counted.accounts(topic) + " of " + records.said() + ", and nothing changed",
                        machines);
                Thread.sleep(LOOK_EVERY_MS);
            }
        }
        compare(counted.sums());
        patience = System.currentTimeMillis() + PATIENCE_MS;
        while (counted.waiting() > 0) {
            requirePatience(patience, "marks were not written to rows of their own", machines);
            Thread.sleep(LOOK_EVERY_MS);
        }
        for (String topic : sent().keySet()) {
            if (!counted.accountsOfSpools(topic).equals(counted.accounts(topic))) {
                throw new IllegalStateException(topic + ": spools say " + counted.accountsOfSpools(topic)
                        + ", partitions say " + counted.accounts(topic));
            }
        }
        requireBalance(machines);
        checks++;
        System.out.printf(
                "  all equal: %s; feedback %s%n",
                ledger.observations().said(), ledger.feedback().said());
    }

    /// What was sent, by topic.
    private Map<String, Ledger.Records> sent() {
        return Map.of(Topics.OBSERVATIONS, ledger.observations(), Topics.FEEDBACK, ledger.feedback());
    }

    private static long counted(Machines machines) throws SQLException {
        return new Counted(machines.database()).accounts(Topics.OBSERVATIONS).counted();
    }

    private void compare(Map<String, Long> counted) {
        Map<String, Long> expected = ledger.expected();
        if (expected.equals(counted)) {
            return;
        }
        List<String> differences = new ArrayList<>();
        expected.forEach((key, amount) -> {
            if (!amount.equals(counted.get(key))) {
                differences.add(key + ": expected " + amount + ", counted " + counted.get(key));
            }
        });
        counted.forEach((key, amount) -> {
            if (!expected.containsKey(key)) {
                differences.add(key + ": expected nothing, counted " + amount);
            }
        });
        throw new IllegalStateException(
                differences.size() + " sums differ, first " + differences.subList(0, Math.min(10, differences.size())));
    }

    private Result result(Machines machines) throws IOException {
        double[] sorted =
                recoveries.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("seed", seed);
        more.put("inputPerSecond", rate);
        more.put("devices", DEVICES);
        Map<String, Object> struck = new LinkedHashMap<>();
        faults.forEach((fault, times) -> struck.put(fault.name(), times));
        more.put("faults", struck);
        more.put("connectionsCutAtCommit", machines.proxy().cuts());
        more.put("comparisonsWithTheLedger", checks);
        more.put("sumsCompared", ledger.expected().size());
        more.put("observationsCounted", ledger.observations().counted());
        more.put("late", ledger.observations().lateOnes());
        more.put("declaredDropped", ledger.observations().droppedOnes());
        more.put("duplicatesDiscarded", ledger.observations().duplicates());
        more.put("feedbackCounted", ledger.feedback().counted());
        more.put("feedbackLate", ledger.feedback().lateOnes());
        more.put("feedbackDeclaredDropped", ledger.feedback().droppedOnes());
        more.put("feedbackDuplicatesDiscarded", ledger.feedback().duplicates());
        more.put("lostOrDoubled", 0);
        more.put("medianSecondsUntilCountingAgain", sorted[sorted.length / 2]);
        more.put("longestSecondsUntilCountingAgain", Arrays.stream(sorted).max().orElse(0));
        return new Result(
                "torture",
                rounds,
                "rounds of random faults without a lost or doubled observation",
                200,
                "rounds that are asked for",
                "benchmarks/run torture " + rounds + ' ' + rate + ' ' + seed,
                more);
    }
}
