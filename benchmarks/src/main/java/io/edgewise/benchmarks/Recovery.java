// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/// An evaluator killed with SIGKILL under load: how long until observations are counted again, and how fast what waited
/// meanwhile is counted. Its successor is started at once, as a supervisor does; in every second round it stood by. The
/// end of every round says that no observation was lost or counted twice.
public final class Recovery {
    private static final int DEVICES = 20_000;
    private static final int DEFAULT_ROUNDS = 6;
    private static final int DEFAULT_RATE = 10_000;
    private static final int STEADY_SECONDS = 8;
    private static final long LOOK_EVERY_MS = 20;
    private static final long PATIENCE_MS = 90_000;
    private static final double SECOND = 1e3;
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

    /// @param seconds from the kill to the next commit
    /// @param drainPerSecond counted until no more waited than arrives in half a second
    private record Round(boolean stoodBy, double seconds, long backlog, double drainPerSecond) {}

    private void run() throws Exception {
        List<Round> all = new ArrayList<>();
        AtomicBoolean isOver = new AtomicBoolean();
        Process evaluator = EvaluatorProcess.start(ground, OPTIONS, List.of());
        try (ExecutorService sender = Executors.newSingleThreadExecutor();
                Feed feed = new Feed(ground.kafka(), 5)) {
            Future<?> sending = sender.submit(() -> {
                feed.pace(fleet, rate, isOver::get);
                return fleet.made();
            });
            try {
                for (int i = 0; i < rounds; i++) {
                    boolean standsBy = i % 2 == 1;
                    Process spare = standsBy ? EvaluatorProcess.start(ground, OPTIONS, List.of()) : null;
                    steady(feed, sending);
                    evaluator.destroyForcibly().waitFor();
                    long killed = System.currentTimeMillis();
                    evaluator = spare == null ? EvaluatorProcess.start(ground, OPTIONS, List.of()) : spare;
                    Round round = round(feed, standsBy, killed);
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

    private Round round(Feed feed, boolean stoodBy, long killed) throws Exception {
        long before = ground.account().counted();
        long counted = before;
        while (counted == before) {
            if (System.currentTimeMillis() - killed > PATIENCE_MS) {
                throw new IllegalStateException("nothing was counted for " + PATIENCE_MS / 1_000 + " s after a kill");
            }
            Thread.sleep(LOOK_EVERY_MS);
            counted = ground.account().counted();
        }
        long again = System.currentTimeMillis();
        long atAgain = counted;
        long backlog = feed.acknowledged() - before;
        while (feed.acknowledged() - counted > rate / 2) {
            Thread.sleep(LOOK_EVERY_MS);
            counted = ground.account().counted();
        }
        // What the first commit brought was counted before "again": it is not part of the rate.
        double took = Math.max(1, System.currentTimeMillis() - again) / SECOND;
        return new Round(stoodBy, (again - killed) / SECOND, backlog, (counted - atAgain) / took);
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
        double longest = 0;
        double slowest = Double.MAX_VALUE;
        for (Round round : all) {
            longest = Math.max(longest, round.seconds);
            slowest = Math.min(slowest, round.drainPerSecond);
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("successor", round.stoodBy ? "stood by" : "started after the kill");
            one.put("secondsUntilCounting", Work.rounded(round.seconds));
            one.put("backlog", round.backlog);
            one.put("drainPerSecond", Math.round(round.drainPerSecond));
            one.put("drainToInput", Work.rounded(round.drainPerSecond / rate));
            said.add(one);
        }
        Map<String, Object> more = new LinkedHashMap<>();
        more.put("inputPerSecond", rate);
        more.put("sessionTimeoutMs", 6_000);
        more.put("slowestDrainToInput", Work.rounded(slowest / rate));
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
