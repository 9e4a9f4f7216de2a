// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an evaluator did in a stretch of time.
///
/// @param nanos of wall time
/// @param loopCpuNanos of the thread that counts; unlike wall time, not moved much by what else the machine does
/// @param writerCpuNanos of the thread that stores
/// @param allocated bytes, by both
public record Work(long records, long nanos, long loopCpuNanos, long writerCpuNanos, long allocated, Stored stored) {
    private static final double SECOND = 1e9;

    /// @param flushMs from hand-over to commit, on a thread of its own
    /// @param standMs in which nothing was read: handing over, and waiting for a flush to end
    /// @param rowsMs in which marks went from the log to rows of their own, on the thread of the flushes
    record Stored(long flushes, long flushMs, long standMs, long rowsMs, long partRows, long keys, long logBytes) {}

    double perSecond() {
        return records * SECOND / nanos;
    }

    long cpuNanos() {
        return loopCpuNanos + writerCpuNanos;
    }

    /// By both threads, for an observation.
    double cpuEach() {
        return (double) cpuNanos() / records;
    }

    double loopCpuEach() {
        return (double) loopCpuNanos / records;
    }

    double writerCpuEach() {
        return (double) writerCpuNanos / records;
    }

    double wallEach() {
        return (double) nanos / records;
    }

    double keysEach() {
        return (double) stored.keys / records;
    }

    /// Share of the wall time in which nothing was read because of flushes.
    double standShare() {
        return stored.standMs * 1e6 / nanos;
    }

    /// Share of the wall time in flushes.
    double flushShare() {
        return stored.flushMs * 1e6 / nanos;
    }

    /// Share of the wall time in which the thread that stores was busy: flushes, and moves of marks to rows.
    double writerShare() {
        return (stored.flushMs + stored.rowsMs) * 1e6 / nanos;
    }

    Map<String, Object> said() {
        double flushes = Math.max(1, stored.flushes);
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("observations", records);
        said.put("perSecond", Math.round(perSecond()));
        said.put("wallNanosEach", Math.round(wallEach()));
        said.put("threadCpuNanosEach", Math.round(cpuEach()));
        said.put("loopCpuNanosEach", Math.round(loopCpuEach()));
        said.put("writerCpuNanosEach", Math.round(writerCpuEach()));
        said.put("allocatedBytesEach", Math.round((double) allocated / records));
        said.put("flushes", stored.flushes);
        said.put("standStillShareOfWall", rounded(standShare()));
        said.put("flushShareOfWall", rounded(flushShare()));
        said.put("rowsShareOfWall", rounded(stored.rowsMs * 1e6 / nanos));
        said.put("flushMsEach", rounded(stored.flushMs / flushes));
        said.put("partRowsPerFlush", Math.round(stored.partRows / flushes));
        said.put("keysPerFlush", Math.round(stored.keys / flushes));
        said.put("logBytesEach", rounded((double) stored.logBytes / records));
        return said;
    }

    public static double rounded(double figure) {
        return Math.round(figure * 1e4) / 1e4;
    }

    /// By nearest rank, of sorted numbers.
    public static long percentile(List<Long> sorted, int p) {
        return sorted.get(Math.clamp((long) Math.ceil(sorted.size() * p / 100.0) - 1, 0, sorted.size() - 1));
    }
}
