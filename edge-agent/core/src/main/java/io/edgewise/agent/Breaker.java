// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

/// A local breaker: after some failures in a row it keeps requests away for a while, then lets single probes through,
/// and closes after some successes in a row. A failed probe opens it again, for twice as long, up to ten times the
/// first time: an arm that fails now and then does not flap.
///
/// Whoever got `true` from `admit` must report with `succeeded`, `failed` or `abandoned`.
final class Breaker {
    enum State {
        CLOSED,
        OPEN,
        PROBING
    }

    /// Failures that open it, nanoseconds it stays open at first, successful probes that close it.
    record Settings(int failures, long openNanos, int probes) {
        static final Settings DEFAULT = new Settings(5, 30_000_000_000L, 3);
        private static final int LONGEST = 10;
    }

    private final Settings settings;
    private State state = State.CLOSED;
    private int failures;
    private int successes;
    private long openNanos;
    private long openUntil;
    private boolean probeOut;

    Breaker(Settings settings) {
        this.settings = settings;
        this.openNanos = settings.openNanos();
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

    synchronized void succeeded() {
        switch (state) {
            case CLOSED -> failures = 0;
            case OPEN -> {}
            case PROBING -> {
                probeOut = false;
                successes++;
                if (successes >= settings.probes()) {
                    state = State.CLOSED;
                    failures = 0;
                    openNanos = settings.openNanos();
                }
            }
        }
    }

    synchronized void failed(long nanos) {
        switch (state) {
            case CLOSED -> {
                failures++;
                if (failures >= settings.failures()) {
                    open(nanos);
                }
            }
            case OPEN -> {}
            case PROBING -> {
                openNanos = Math.min(openNanos * 2, settings.openNanos() * Settings.LONGEST);
                open(nanos);
            }
        }
    }

    /// The app did not wait for the outcome, which says nothing of the arm.
    synchronized void abandoned() {
        probeOut = false;
    }

    private void open(long nanos) {
        state = State.OPEN;
        openUntil = nanos + openNanos;
    }

    synchronized State state() {
        return state;
    }
}
