// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import io.edgewise.evaluator.judge.Verdict;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.LongAdder;

/// What the judge worker of this process did since it started. For any thread.
final class JudgeStats {
    final LongAdder questions = new LongAdder();
    final LongAdder inconsistent = new LongAdder();
    final LongAdder noVerdict = new LongAdder();
    final LongAdder notJudgeable = new LongAdder();
    final LongAdder troubles = new LongAdder();
    final LongAdder costNanos = new LongAdder();
    private final Map<Verdict, LongAdder> verdicts = new EnumMap<>(Verdict.class);
    private final Set<String> capped = new ConcurrentSkipListSet<>();
    private volatile String trouble = "";

    JudgeStats() {
        for (Verdict verdict : Verdict.values()) {
            verdicts.put(verdict, new LongAdder());
        }
    }

    LongAdder verdicts(Verdict verdict) {
        return verdicts.computeIfAbsent(verdict, unseen -> new LongAdder());
    }

    /// Why the judge is not asked at the moment; empty when it is.
    String trouble() {
        return trouble;
    }

    void trouble(String why) {
        trouble = why;
    }

    /// Workloads that are not asked about any more today.
    Set<String> capped() {
        return new TreeSet<>(capped);
    }

    void cap(String workload) {
        capped.add(workload);
    }

    void newDay() {
        capped.clear();
    }

    /// For the health of the role.
    String sentence() {
        Set<String> today = capped();
        String cap = today.isEmpty()
                ? ""
                : "; the judge has reached its daily cap for " + String.join(", ", today)
                        + " and asks again after midnight UTC (edgewise.judge.daily-cap)";
        return cap + (trouble.isEmpty() ? "" : "; the judge cannot be asked at the moment: " + trouble);
    }
}
