// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.shell;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// A body that may come slowly, but neither stop nor trickle: the client's own time limit ends with the answer's
/// headers.
final class PatientStream extends InputStream {
    private final InputStream body;
    private final Patience patience;
    private final URI where;
    private final ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicLong received = new AtomicLong();
    private volatile boolean isTooSlow;

    /// How long nothing may come, and how many bytes must come in how long.
    record Patience(Duration silence, long least, Duration within) {}

    PatientStream(InputStream body, Patience patience, URI where) {
        this.body = body;
        this.patience = patience;
        this.where = where;
        Thread _ = Thread.ofVirtual().name("edgewise-download").start(this::watch);
    }

    private void watch() {
        try {
            long before = 0;
            while (!over.await(patience.within().toMillis(), TimeUnit.MILLISECONDS)) {
                long now = received.get();
                if (now - before < patience.least()) {
                    isTooSlow = true;
                    close();
                }
                before = now;
            }
        } catch (IOException | InterruptedException e) {
            System.getLogger(PatientStream.class.getName())
                    .log(System.Logger.Level.DEBUG, "what comes from " + where + " is not watched any more", e);
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
        try {
            Future<Integer> read = reader.submit(() -> body.read(into, from, most));
            int count = read.get(patience.silence().toMillis(), TimeUnit.MILLISECONDS);
            received.addAndGet(Math.max(0, count));
            return count;
        } catch (TimeoutException e) {
            close();
            throw new IOException(where + " sent nothing for " + patience.silence(), e);
        } catch (ExecutionException | RejectedExecutionException e) {
            String what = isTooSlow
                    ? " sent fewer than " + patience.least() + " bytes in " + patience.within()
                    : " broke off: " + (e.getCause() == null ? "closed" : e.getCause());
            throw new IOException(where + what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new IOException("interrupted while reading from " + where, e);
        }
    }

    /// What still reads ends with the body.
    @Override
    public void close() throws IOException {
        over.countDown();
        body.close();
        reader.shutdownNow();
    }
}
