// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class MirrorsTest {
    private static final int AT_ONCE = 8;

    @Test
    @Timeout(60)
    void endsThoughMirrorsDoNotAndShedsThoseThatWait() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(AT_ONCE);
        // Like native code, what waits for it does nothing when it is interrupted.
        Semaphore released = new Semaphore(0);
        CountDownLatch shed = new CountDownLatch(1);
        Mirrors mirrors = new Mirrors(16, Duration.ofMillis(50));
        for (int i = 0; i < AT_ONCE; i++) {
            mirrors.offer(
                    () -> {
                        started.countDown();
                        released.acquireUninterruptibly();
                    },
                    () -> {});
        }
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        mirrors.offer(() -> {}, shed::countDown);

        mirrors.close();

        assertThat(shed.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(mirrors.shed()).isEqualTo(1);
        released.release(AT_ONCE);
        assertThat(mirrors.awaitIdle(20_000)).isTrue();
    }
}
