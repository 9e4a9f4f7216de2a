// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Which threads of this process used how much of a core since it was made: broker, sender, evaluator and keeper share
/// the machine, and a figure says little without what the others took.
final class ThreadCosts {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int MOST = 8;
    private static final double LEAST = 0.01;

    private final Map<String, Long> before = byName();
    private final long began = System.nanoTime();

    private static Map<String, Long> byName() {
        Map<String, Long> all = new HashMap<>();
        for (ThreadInfo thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (thread != null) {
                String name = thread.getThreadName().replaceAll("\\d+", "#");
                all.merge(name, Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId())), Long::sum);
            }
        }
        return all;
    }

    /// Cores in use, the busiest first.
    Map<String, Object> said() {
        double nanos = System.nanoTime() - began;
        Map<String, Double> used = new HashMap<>();
        byName().forEach((name, cpu) -> used.put(name, (cpu - before.getOrDefault(name, 0L)) / nanos));
        Map<String, Object> said = new LinkedHashMap<>();
        used.entrySet().stream()
                .filter(entry -> entry.getValue() >= LEAST)
                .sorted(Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder()))
                .limit(MOST)
                .forEach(entry -> said.put(entry.getKey(), Work.rounded(entry.getValue())));
        return said;
    }
}
