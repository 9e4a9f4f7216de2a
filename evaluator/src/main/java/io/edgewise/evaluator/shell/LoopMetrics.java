// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.Counters;
import io.edgewise.evaluator.Inlet;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/// What operators see of one evaluator. Prometheus' names and their meaning: docs/metrics.md.
///
/// Counters start at 0 with the process. Gauges have no value (NaN) until the evaluator first looked around.
final class LoopMetrics implements AutoCloseable {
    private static final String PREFIX = "edgewise.evaluator.";
    private static final double MILLIS = 1_000;

    private final MeterRegistry registry;
    private final LoopStats stats;
    private final InstantSource clock;
    private final Queue<Meter> meters = new ConcurrentLinkedQueue<>();

    private boolean isClosed;

    LoopMetrics(MeterRegistry registry, LoopStats stats, InstantSource clock) {
        this.registry = registry;
        this.stats = stats;
        this.clock = clock;
    }

    LoopMetrics bind() {
        work();
        partitions();
        accounts();
        stats.onNewCounter(this::counter);
        return this;
    }

    private void work() {
        count("records", "Records folded, duplicates and refused ones too", LoopStats::records);
        count("restarts", "Times that all in memory was thrown away and read again", LoopStats::restarts);
        add(FunctionCounter.builder(PREFIX + "log", stats, LoopStats::logBytes)
                .baseUnit("bytes")
                .description("Written to the log of marks and blocks")
                .register(registry));
        time("flush", "Transactions that stored counts and offsets", LoopStats::flushes, LoopStats::flushMs);
        time("rows", "Moves of marks from the log to rows", LoopStats::rowsMoves, LoopStats::rowsMs);
        add(FunctionCounter.builder(PREFIX + "stand", stats, each -> each.standMs() / MILLIS)
                .baseUnit("seconds")
                .description("Time in which nothing was read because of flushes")
                .register(registry));
        rows("part", LoopStats::partRows);
        rows("disagreement", LoopStats::disagreementRows);
    }

    private void time(String name, String what, ToLongFunction<LoopStats> count, ToDoubleFunction<LoopStats> millis) {
        add(FunctionTimer.builder(PREFIX + name, stats, count, millis, TimeUnit.MILLISECONDS)
                .description(what)
                .register(registry));
    }

    private void rows(String table, ToDoubleFunction<LoopStats> rows) {
        add(FunctionCounter.builder(PREFIX + "flush.rows", stats, rows)
                .tag("table", table)
                .description("Rows written by flushes")
                .register(registry));
    }

    private void count(String name, String what, ToDoubleFunction<LoopStats> value) {
        add(FunctionCounter.builder(PREFIX + name, stats, value)
                .description(what)
                .register(registry));
    }

    private void partitions() {
        partitions("held", LoopState::held);
        partitions("waiting", LoopState::waiting);
        partitions("stopped", LoopState::stopped);
        for (Inlet inlet : Inlet.values()) {
            add(Gauge.builder(
                            "edgewise.lag",
                            stats,
                            at -> of(at, state -> state.lag().getOrDefault(inlet, 0L)))
                    .baseUnit("records")
                    .tag("topic", inlet.topic())
                    .description("Records in the log that are not counted yet")
                    .register(registry));
        }
        add(Gauge.builder(PREFIX + "freshness", stats, at -> of(at, this::staleSeconds))
                .baseUnit("seconds")
                .description("Everything that was appended longer ago than this is counted")
                .register(registry));
    }

    private void partitions(String state, ToDoubleFunction<LoopState> value) {
        add(Gauge.builder(PREFIX + "partitions", stats, at -> of(at, value))
                .tag("state", state)
                .description("Partitions that the consumer group gave to this process")
                .register(registry));
    }

    private void accounts() {
        gauge(
                "edgewise.accounting.imbalance",
                "Sequences whose fate is unknown; must be 0",
                state -> state.accounts().imbalance());
        gauge(
                PREFIX + "open.gaps",
                "Sequences that have not come yet, below ones that have",
                state -> state.accounts().openGaps());
        gauge(
                PREFIX + "lost.records",
                "Sequences that never came and were given up",
                state -> state.accounts().lost());
        gauge(PREFIX + "strata", "Strata that records came for lately", LoopState::groups);
        gauge(PREFIX + "devices", "Senders in memory", LoopState::devices);
    }

    private void gauge(String name, String what, ToDoubleFunction<LoopState> value) {
        add(Gauge.builder(name, stats, at -> of(at, value)).description(what).register(registry));
    }

    private static double of(LoopStats stats, ToDoubleFunction<LoopState> value) {
        LoopState state = stats.state();
        return state == null ? Double.NaN : value.applyAsDouble(state);
    }

    private double staleSeconds(LoopState state) {
        return Math.max(0, clock.millis() - state.countedThroughMs()) / MILLIS;
    }

    /// A fault's code is one of a fixed few; nothing that a sender chooses gets here.
    private void counter(String name) {
        if (name.startsWith(Counters.DEAD_LETTER)) {
            add(FunctionCounter.builder(PREFIX + "dead.letter.reasons", stats, at -> at.counted(name))
                    .tag("code", name.substring(Counters.DEAD_LETTER.length()))
                    .description("Faults of dead-lettered records; a record may have several")
                    .register(registry));
        } else {
            count(name.replace('_', '.'), "Records or slice values so counted, once stored", at -> at.counted(name));
        }
    }

    private synchronized void add(Meter meter) {
        if (isClosed) {
            registry.remove(meter);
        } else {
            meters.add(meter);
        }
    }

    /// Takes all of them out of the registry.
    @Override
    public synchronized void close() {
        isClosed = true;
        meters.forEach(registry::remove);
        meters.clear();
    }
}
