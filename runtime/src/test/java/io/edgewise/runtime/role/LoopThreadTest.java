// SPDX-License-Identifier: Apache-2.0
package io.edgewise.runtime.role;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoopThreadTest {
    @Test
    void goesOnAfterAPollThatThrew() throws Exception {
        AtomicInteger polls = new AtomicInteger();
        AtomicInteger recoveries = new AtomicInteger();
        CountDownLatch third = new CountDownLatch(3);
        LoopThread thread = new LoopThread("test", new LoopThread.Loop() {
                    @Override
                    public void poll() throws InterruptedException {
                        third.countDown();
                        if (polls.incrementAndGet() == 1) {
                            throw new IllegalStateException("once");
                        }
                        TimeUnit.MILLISECONDS.sleep(1);
                    }

                    @Override
                    public void recover() {
                        recoveries.incrementAndGet();
                    }
                })
                .start();
        assertThat(third.await(30, TimeUnit.SECONDS)).isTrue();
        thread.stop(Duration.ofSeconds(30));
        assertThat(recoveries).hasValue(1);
        assertThat(thread.trouble()).isEmpty();
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void saysWhatTroublesIt() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        LoopThread thread = new LoopThread("test", new LoopThread.Loop() {
                    @Override
                    public void poll() {
                        throw new IllegalStateException("no broker at example:9092");
                    }

                    @Override
                    public void recover() {
                        failed.countDown();
                    }
                })
                .start();
        assertThat(failed.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(thread.trouble()).contains("no broker at example:9092");
        thread.stop(Duration.ofSeconds(30));
    }

    @Test
    void closesTheLoopOnItsOwnThread() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        LoopThread thread = new LoopThread("test", new LoopThread.Loop() {
                    @Override
                    public void poll() throws InterruptedException {
                        TimeUnit.MILLISECONDS.sleep(1);
                    }

                    @Override
                    public void close() {
                        assertThat(Thread.currentThread().getName()).isEqualTo("edgewise-test");
                        closed.countDown();
                    }
                })
                .start();
        thread.stop(Duration.ofSeconds(30));
        assertThat(closed.getCount()).isZero();
    }
}
