// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.util.Optional;

/// A local breaker: keeps requests away from an arm after some failures in a row, when too many of its
/// latest attempts failed, when more of them took longer than the budget than its p99 allows, or while
/// the device is too hot. After a while it lets single probes through, and closes after some successes in
/// a row. A failed probe opens it again, for twice as long, up to ten times the first time: an arm that
/// fails now and then does not flap.
///
/// Whoever got `true` from `admit` must report with `succeeded`, `failed` or `abandoned`. Thread-safe.
public final class Breaker {
    enum State {
        CLOSED,
        OPEN,
        PROBING
    }

    /// Failures in a row that open it, nanoseconds it stays open at first, successful probes that close
    /// it; of the latest `window` attempts the share of failures that opens it (from a fifth of the
    /// window on), and the latency that at most 1 % of them should exceed: it opens when `slow` of them
    /// do. A budget of 0 is none.
    public record Settings(
            int failures, long openNanos, int probes, int window, double failedShare, long budgetMicros, int slow) {
        private static final int LONGEST = 10;

        public static final Settings DEFAULT = new Settings(5, 30_000_000_000L, 3);

        Settings(int failures, long openNanos, int probes) {
            // Five of a hundred beyond a p99: by chance in 3 of 1,000 windows.
            this(failures, openNanos, probes, 100, 0.5, 0, 5);
        }

        public Settings {
            boolean isSound = failures > 0
                    && openNanos > 0
                    && probes > 0
                    && window >= 5
                    && failedShare > 0
                    && failedShare <= 1
                    && budgetMicros >= 0
                    && slow > 0;
            if (!isSound) {
                throw new IllegalArgumentException("breaker settings " + failures + " failures, " + openNanos
                        + " ns open, " + probes + " probes, window " + window + ", share " + failedShare + ", budget "
                        + budgetMicros + " us, slow " + slow + " must be positive, and the share at most 1");
            }
        }

        /// The same with a budget for the p99.
        public Settings within(long micros) {
            return new Settings(failures, openNanos, probes, window, failedShare, micros, slow);
        }
    }

    private final Settings settings;
    private State state = State.CLOSED;
    private String reason = "";
    private int failures;
    private int successes;
    private long openNanos;
    private long openUntil;
    private boolean probeOut;
    private final Recent failed;
    private final Recent late;

    Breaker(Settings settings) {
        this.settings = settings;
        this.openNanos = settings.openNanos();
        this.failed = new Recent(settings.window());
        this.late = new Recent(settings.window());
    }

    /// The latest attempts, as a ring of yes and no.
    private static final class Recent {
        private final boolean[] ring;
        private int seen;
        private int count;

        Recent(int size) {
            ring = new boolean[size];
        }

        void add(boolean is) {
            int at = seen % ring.length;
            count += (is ? 1 : 0) - (ring[at] ? 1 : 0);
            ring[at] = is;
            seen++;
        }

        int size() {
            return Math.min(seen, ring.length);
        }

        void clear() {
            java.util.Arrays.fill(ring, false);
            seen = 0;
            count = 0;
        }
    }

    synchronized boolean admit(long nanos) {
        if (state == State.OPEN && nanos - openUntil >= 0) {
            state = State.PROBING;
            successes = 0;
            probeOut = false;
        }
        return switch (state) {
            case CLOSED -> true;
            case OPEN -> false;
            case PROBING -> {
                boolean free = !probeOut;
                probeOut = true;
                yield free;
            }
        };
    }

    /// Something outside of the arm forbids it now; it may probe again a while after that is over.
    synchronized void trip(String why, long nanos) {
        if (state != State.OPEN) {
            open(why, nanos);
        } else {
            openUntil = Math.max(openUntil, nanos + settings.openNanos());
        }
    }

    synchronized void succeeded(long micros, long nanos) {
        boolean isLate = settings.budgetMicros() > 0 && micros > settings.budgetMicros();
        if (isLate && state == State.PROBING) {
            failed(nanos);
            return;
        }
        remember(false, isLate);
        switch (state) {
            case CLOSED -> {
                failures = 0;
                judge(nanos);
            }
            case OPEN -> {}
            case PROBING -> {
                probeOut = false;
                successes++;
                if (successes >= settings.probes()) {
                    close();
                }
            }
        }
    }

    synchronized void failed(long nanos) {
        remember(true, false);
        switch (state) {
            case CLOSED -> {
                failures++;
                judge(nanos);
            }
            case OPEN -> {}
            case PROBING -> {
                openNanos = Math.min(openNanos * 2, settings.openNanos() * Settings.LONGEST);
                open("a probe failed", nanos);
            }
        }
    }

    /// The app did not wait for the outcome, which says nothing of the arm.
    synchronized void abandoned() {
        probeOut = false;
    }

    private void remember(boolean isFailed, boolean isLate) {
        failed.add(isFailed);
        late.add(isLate);
    }

    private void judge(long nanos) {
        if (failures >= settings.failures()) {
            open(failures + " failures in a row", nanos);
        } else if (failed.size() * 5 >= settings.window() && failed.count >= settings.failedShare() * failed.size()) {
            open(failed.count + " of the latest " + failed.size() + " attempts failed", nanos);
        } else if (late.count >= settings.slow()) {
            open(
                    late.count + " of the latest " + late.size() + " attempts took longer than "
                            + settings.budgetMicros() + " us",
                    nanos);
        }
    }

    private void open(String why, long nanos) {
        state = State.OPEN;
        reason = why;
        openUntil = nanos + openNanos;
        probeOut = false;
    }

    private void close() {
        state = State.CLOSED;
        reason = "";
        failures = 0;
        failed.clear();
        late.clear();
        openNanos = settings.openNanos();
    }

    synchronized State state() {
        return state;
    }

    /// Why it opened; empty when it is closed.
    synchronized Optional<String> reason() {
        return reason.isEmpty() ? Optional.empty() : Optional.of(reason);
    }
}
