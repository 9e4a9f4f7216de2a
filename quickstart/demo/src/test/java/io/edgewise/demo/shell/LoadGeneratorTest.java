// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.demo.Call;
import io.edgewise.demo.Traffic;
import io.edgewise.demo.Utterance;
import io.edgewise.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LoadGeneratorTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    private final StopRequest stop = new StopRequest();

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    @Test
    void finishesWhatItBeganBeforeAPauseIsOver() throws Exception {
        AtomicLong served = new AtomicLong();
        AtomicLong truths = new AtomicLong();
        try (LoadGenerator load = load(new Counting(served, truths))) {
            load.flow();
            Await.until("some truths were told", () -> truths.get() > 50);
            load.pause(LIMIT, stop);
            long after = served.get();
            long truthsAfter = truths.get();

            assertThat(load.requests()).isEqualTo(after);
            assertThat(load.truths()).as("only what was taken").isEqualTo(truthsAfter / 2);
            assertThat(truthsAfter).isBetween(after / 8, after / 2);
            Thread.sleep(50);
            assertThat(served.get()).isEqualTo(after);
            assertThat(truths.get()).isEqualTo(truthsAfter);

            load.flow();
            Await.until("traffic goes on", () -> served.get() > after);
        }
    }

    @Test
    void goesOnSendingWhileAnswersAreSlow() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        AtomicLong served = new AtomicLong();
        try (LoadGenerator load = load(new LoadGenerator.App() {
            @Override
            public String serve(Call call) {
                served.incrementAndGet();
                awaitQuietly(answer);
                return "";
            }

            @Override
            public boolean tellTruth(Call call, String token) {
                return true;
            }
        })) {
            load.flow();
            Await.until("an open loop sends without waiting", () -> served.get() > 300);
            answer.countDown();
        }
    }

    @Test
    void countsWhatFailedAndTellsNoTruthAboutIt() throws Exception {
        AtomicLong truths = new AtomicLong();
        try (LoadGenerator load = load(new LoadGenerator.App() {
            @Override
            public String serve(Call call) throws LoadGenerator.Unanswered {
                if (call.device() == 0) {
                    throw new LoadGenerator.Unanswered("nothing answered");
                }
                throw new IllegalStateException("a device that is broken");
            }

            @Override
            public boolean tellTruth(Call call, String token) {
                truths.incrementAndGet();
                return true;
            }
        })) {
            load.flow();
            Await.until("some failed", () -> load.failed() > 20);
            load.pause(LIMIT, stop);

            assertThat(load.failed()).isEqualTo(load.requests());
            assertThat(truths).hasValue(0);
        }
    }

    private record Counting(AtomicLong served, AtomicLong truths) implements LoadGenerator.App {
        @Override
        public String serve(Call call) {
            served.incrementAndGet();
            return "token";
        }

        @Override
        public boolean tellTruth(Call call, String token) {
            return truths.incrementAndGet() % 2 == 0;
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private LoadGenerator load(LoadGenerator.App app) {
        return new LoadGenerator(new Traffic(List.of(new Utterance("a", "b")), 2, 5, 2_000, 1), app, timer);
    }
}
