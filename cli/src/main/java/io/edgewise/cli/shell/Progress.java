// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// How much of the files is read, on one line of the terminal that is written over and taken away at the end.
final class Progress {
    private static final long EVERY = 200_000_000L;
    private static final double SECOND = 1e9;
    private static final double MEGABYTE = 1e6;

    private final PrintWriter to;
    private final boolean shown;
    private final LongSupplier clock;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong total = new AtomicLong();
    private final AtomicLong last = new AtomicLong();
    private final long began;

    /// @param shown whether somebody sees it
    /// @param clock in nanoseconds
    Progress(PrintWriter to, boolean shown, LongSupplier clock) {
        this.to = to;
        this.shown = shown;
        this.clock = clock;
        this.began = clock.getAsLong();
        last.set(began);
    }

    /// The same stream, whose bytes count.
    InputStream of(InputStream in, long bytes) {
        expect(bytes);
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                int one = super.read();
                advance(one < 0 ? 0 : 1);
                return one;
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                int read = super.read(into, from, length);
                advance(read);
                return read;
            }
        };
    }

    /// So many bytes more will be read.
    void expect(long bytes) {
        total.addAndGet(bytes);
    }

    void advance(long units) {
        if (units <= 0) {
            return;
        }
        long now = done.addAndGet(units);
        long at = clock.getAsLong();
        long before = last.get();
        if (shown && at - before >= EVERY && last.compareAndSet(before, at)) {
            double seconds = (at - began) / SECOND;
            long all = total.get();
            String share = all > 0
                    ? String.format(Locale.ROOT, "%3.0f %% of %,.0f MB", 100.0 * now / all, all / MEGABYTE)
                    : String.format(Locale.ROOT, "%,.0f MB", now / MEGABYTE);
            long left = all > now ? Math.round(seconds * (all - now) / now) : 0;
            line("reading " + share + ", " + left + " s left");
        }
    }

    /// Progress of something that is counted.
    void step(String what, long at, long of) {
        long now = clock.getAsLong();
        long before = last.get();
        if (shown && now - before >= EVERY && last.compareAndSet(before, now)) {
            double seconds = (now - began) / SECOND;
            line(String.format(Locale.ROOT, "%s %,d of %,d, %.0f s left", what, at, of, seconds * (of - at) / at));
        }
    }

    /// Progress of something whose number nobody knows, but how much of a period is covered.
    void covered(String what, long count, double share) {
        long now = clock.getAsLong();
        long before = last.get();
        if (shown && now - before >= EVERY && last.compareAndSet(before, now)) {
            line(String.format(Locale.ROOT, "%,d %s, %.0f %% of the time", count, what, 100 * share));
        }
    }

    private void line(String text) {
        to.print("\r" + text + "\u001b[K");
        to.flush();
    }

    void end() {
        if (shown) {
            line("");
            to.print("\r");
            to.flush();
        }
    }
}
