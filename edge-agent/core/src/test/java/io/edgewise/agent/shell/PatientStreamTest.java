// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class PatientStreamTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    /// Has three bytes, and no more until it is closed.
    private static final class Trickle extends InputStream {
        private final CountDownLatch closed = new CountDownLatch(1);
        private int left = 3;

        @Override
        public int read() throws IOException {
            if (left > 0) {
                left--;
                return 7;
            }
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new IOException("closed");
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            into[from] = (byte) read();
            return 1;
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    @Test
    @Timeout(30)
    void aServerThatTricklesIsGivenUpThoughItNeverFallsSilent() throws IOException {
        PatientStream.Patience patience = new PatientStream.Patience(LONG, 1_000, Duration.ofMillis(100));
        try (PatientStream stream = new PatientStream(new Trickle(), patience, URI.create("http://x/f"))) {
            assertThatThrownBy(stream::readAllBytes)
                    .isInstanceOf(IOException.class)
                    .hasMessage("http://x/f sent fewer than 1000 bytes in PT0.1S");
        }
    }

    @Test
    void whatComesFastEnoughComesWhole() throws IOException {
        PatientStream.Patience patience = new PatientStream.Patience(LONG, 1_000, LONG);
        byte[] file = new byte[100_000];
        try (PatientStream stream =
                new PatientStream(new java.io.ByteArrayInputStream(file), patience, URI.create("http://x/f"))) {
            assertThat(stream.readAllBytes()).isEqualTo(file);
        }
    }
}
