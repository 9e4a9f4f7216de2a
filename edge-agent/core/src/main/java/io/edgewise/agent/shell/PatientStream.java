// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.shell;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A body that may come slowly, but not stop: the client's own time limit ends with the answer's headers.
final class PatientStream extends InputStream {
    private final InputStream body;
    private final Duration patience;
    private final URI where;
    private final ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor();

    PatientStream(InputStream body, Duration patience, URI where) {
        this.body = body;
        this.patience = patience;
        this.where = where;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
        Future<Integer> read = reader.submit(() -> body.read(into, from, most));
        try {
            return read.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            close();
            throw new IOException(where + " sent nothing for " + patience, e);
        } catch (ExecutionException e) {
            throw new IOException(where + " broke off: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new IOException("interrupted while reading from " + where, e);
        }
    }

    /// What still reads ends with the body.
    @Override
    public void close() throws IOException {
        body.close();
        reader.shutdownNow();
    }
}
