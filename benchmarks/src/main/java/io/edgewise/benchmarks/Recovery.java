// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/// An evaluator killed with SIGKILL under load: how long until observations are counted again, and how fast what waited
/// meanwhile is counted. Rounds take turns: its successor is started at once, as a supervisor does, or stood by, or is
/// started so late that draining what waits takes a while. The end says that no observation was lost or counted twice.
public final class Recovery {
    private static final int DEVICES = 20_000;
    private static final int DEFAULT_ROUNDS = 6;
    private static final int DEFAULT_RATE = 10_000;
    private static final int STEADY_SECONDS = 8;
    private static final long LOOK_EVERY_MS = 20;
    private static final long PATIENCE_MS = 90_000;
    private static final double SECOND = 1e3;
    private static final double WANTED_DRAIN = 5;

    /// So much waits then that draining it takes long enough to be measured.
    private static final int AWAY_SECONDS = 30;

    private static final List<String> OPTIONS = List.of("-Xmx512m");

    private final Ground ground;
    private final int rounds;
    private final int rate;
    private final Fleet fleet = new Fleet(Traffic.of(DEVICES).withAttributes(0, 4), 1);

    private Recovery(Ground ground, int rounds, int rate) {
        this.ground = ground;
        this.rounds = rounds;
        this.rate = rate;
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_ROUNDS;
        int rate = arguments.length > 1 ? Integer.parseInt(arguments[1]) : DEFAULT_RATE;
        try (Ground ground = Ground.open()) {
            new Recovery(ground, rounds, rate).run();
        }
    }

    /// Who counts after a kill.
    private enum Successor {
        STARTED("started after the kill"),
        STOOD_BY("stood by"),
        LATE("started " + AWAY_SECONDS + " s after the kill");

        private final String said;

        Successor(String said) {
            this.said = said;
        }
    }

    /// @param seconds from the kill, or the start of one that comes late, to the next commit
    /// @param withFirst counted by the first commit
    /// @param drainPerSecond counted from then on, until no more waited than arrives in half a second; empty when
    ///     hardly anything waited after the first commit
    private record Round(
            Successor successor, double seconds, long backlog, long withFirst, OptionalDouble drainPerSecond) {}

    private void run() throws Exception {
        List<Round> all = new ArrayList<>();
        AtomicBoolean isOver = new AtomicBoolean();
        Process evaluator = start();
        try (ExecutorService sender = Executors.newSingleThreadExecutor();
                Feed feed = new Feed(ground.kafka(), 5)) {
            Future<?> sending = sender.submit(() -> {
                feed.pace(fleet, rate, isOver::get);
                return fleet.made();
            });
            try {
                for (int i = 0; i < rounds; i++) {
                    Successor successor = Successor.values()[i % Successor.values().length];
                    Process spare = successor == Successor.STOOD_BY ? start() : null;
                    steady(feed, sending);
                    evaluator.destroyForcibly().waitFor();
                    if (successor == Successor.LATE) {
                        Thread.sleep(AWAY_SECONDS * 1_000L);
                    }
                    long began = System.currentTimeMillis();
                    evaluator = spare == null ? start() : spare;
                    Round round = round(feed, successor, began);
                    System.out.println(round);
                    all.add(round);
                }
            } finally {
                isOver.set(true);
            }
            sending.get();
            settle(feed);
        } finally {
            evaluator.destroyForcibly().waitFor();
        }
        write(all);
    }

    private Process start() throws IOException {
        return EvaluatorProcess.start(ground, OPTIONS, List.of());
    }

    /// Waits until the evaluator has kept up for a while.
    private void steady(Feed feed, Future<?> sending) throws Exception {
        long since = System.currentTimeMillis();
        long patience = since + PATIENCE_MS;
        while (System.currentTimeMillis() - since < STEADY_SECONDS * 1_000L) {
            if (sending.isDone()) {
                sending.get();
            }
            if (feed.acknowledged() - ground.account().counted() > rate) {
                since = System.currentTimeMillis();
            }
            if (since > patience) {
                throw new IllegalStateException("the evaluator does not keep up with " + rate + "/s");
            }
            Thread.sleep(100);
        }
    }

    private Round round(Feed feed, Successor successor, long began) throws Exception {
        long before = ground.account().counted();
        long counted = before;
        while (counted == before) {
            if (System.currentTimeMillis() - began > PATIENCE_MS) {
                throw new IllegalStateException("nothing was counted for " + PATIENCE_MS / 1_000 + " s after a kill");
            }
            Thread.sleep(LOOK_EVERY_MS);
            counted = ground.account().counted();
        }
        long again = System.currentTimeMillis();
        long atAgain = counted;
        long sent = feed.acknowledged();
        boolean isDrained = sent - counted <= rate;
        while (feed.acknowledged() - counted > rate / 2) {
            Thread.sleep(LOOK_EVERY_MS);
            counted = ground.account().counted();
        }
        // What the first commit brought was counted before "again": it is not part of the rate.
        double took = Math.max(1, System.currentTimeMillis() - again) / SECOND;
        return new Round(
                successor,
                (again - began) / SECOND,
                sent - before,
                atAgain - before,
                isDrained ? OptionalDouble.empty() : OptionalDouble.of((counted - atAgain) / took));
    }

    private void settle(Feed feed) throws Exception {
        long patience = System.currentTimeMillis() + PATIENCE_MS;
        while (ground.account().counted() < fleet.made() && System.currentTimeMillis() < patience) {
            Thread.sleep(100);
        }
        if (feed.acknowledged() != fleet.made()) {
            throw new IllegalStateException(
                    feed.acknowledged() + " of " + fleet.made() + " observations are in the topic");
        }
        ground.account().require(fleet.made());
    }

    private void write(List<Round> all) throws Exception {
        List<Object> said = new ArrayList<>();
        List<Double> drains = new ArrayList<>();
        double longest = 0;
        for (Round round : all) {
            longest = round.successor == Successor.LATE ? longest : Math.max(longest, round.seconds);
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("successor", round.successor.said);
            one.put("secondsUntilCounting", Work.rounded(round.seconds));
            one.put("backlog", round.backlog);
            one.put("countedByFirstCommit", round.withFirst);
            round.drainPerSecond.ifPresent(drain -> {
                one.put("drainPerSecond", Math.round(drain));
                one.put("drainToInput", Work.rounded(drain / rate));
                drains.add(drain / rate);
            });
            said.add(one);
        }
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("inputPerSecond", rate);
        more.put("sessionTimeoutMs", 6_000);
        if (!drains.isEmpty()) {
            more.put("drainToInput", Spread.of(drains).said());
        }
        more.put("wantedDrainToInput", WANTED_DRAIN);
        more.put("rounds", said);
        more.put("observations", fleet.made());
        new Result(
                        "recovery",
                        longest,
                        "s from kill -9 until counting again, the longest",
                        10,
                        "s that are allowed",
                        "benchmarks/run recovery " + rounds + ' ' + rate,
                        more)
                .write();
    }
}
