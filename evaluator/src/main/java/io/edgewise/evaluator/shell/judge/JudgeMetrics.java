// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import io.edgewise.evaluator.judge.Verdict;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// The judge worker's numbers, as long as it runs.
final class JudgeMetrics implements AutoCloseable {
    private static final String PREFIX = "edgewise.judge.";
    private static final double NANO = 1e-9;

    private final MeterRegistry registry;
    private final List<Meter> meters = new ArrayList<>();

    JudgeMetrics(MeterRegistry registry, JudgeStats stats) {
        this.registry = registry;
        count(stats, "questions", "Questions sent to the judge", at -> at.questions.sum());
        count(
                stats,
                "inconsistent",
                "Ties because the judge changed its mind with the order",
                at -> at.inconsistent.sum());
        count(stats, "no.verdict", "Disagreements the judge gave no usable answer on", at -> at.noVerdict.sum());
        count(
                stats,
                "not.judgeable",
                "Disagreements without text, or without consent to a judge",
                at -> at.notJudgeable.sum());
        count(stats, "troubles", "Questions that failed and are asked again", at -> at.troubles.sum());
        count(stats, "cost", "What the judge cost, in the currency of its price card", at -> at.costNanos.sum() * NANO);
        for (Verdict verdict : Verdict.values()) {
            meters.add(FunctionCounter.builder(
                            PREFIX + "verdicts",
                            stats,
                            at -> at.verdicts(verdict).sum())
                    .tag("verdict", verdict.word())
                    .description("Disagreements judged")
                    .register(registry));
        }
        meters.add(Gauge.builder(PREFIX + "capped", stats, at -> at.capped().size())
                .description("Workloads whose daily cap is reached")
                .register(registry));
    }

    private void count(JudgeStats stats, String name, String what, ToDoubleFunction<JudgeStats> value) {
        meters.add(FunctionCounter.builder(PREFIX + name, stats, value)
                .description(what)
                .register(registry));
    }

    @Override
    public void close() {
        meters.forEach(registry::remove);
    }
}
