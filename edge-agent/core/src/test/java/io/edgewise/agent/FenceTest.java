// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.testkit.Await;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class FenceTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(1);

    private final Fence fence = new Fence(System::nanoTime);
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore released = new Semaphore(0);

    @AfterEach
    void release() {
        released.release(1_000);
        fence.close();
    }

    /// Native code: no interrupt helps.
    private String hang() {
        begun.release();
        released.acquireUninterruptibly();
        return "late";
    }

    private void giveUp(String model) throws InterruptedException {
        Thread app = Thread.ofVirtual()
                .start(() -> assertThatThrownBy(() -> fence.within(model, LONG, this::hang))
                        .isInstanceOf(InterruptedException.class));
        begun.acquire();
        app.interrupt();
        app.join();
    }

    @Test
    void moreCallsAtOnceThanThereArePlacesAreAllAnswered() throws Exception {
        int calls = 3 * Fence.MOST;
        try (ExecutorService apps = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> asked = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                asked.add(apps.submit(() -> fence.within("m", LONG, this::hang)));
            }
            begun.acquire(Fence.MOST);
            released.release(calls);

            for (Future<String> each : asked) {
                assertThat(each.get()).isEqualTo("late");
            }
        }
    }

    @Test
    void whoFindsNoPlaceInTimeIsToldThatTheModelWasNotAsked() throws Exception {
        try (ExecutorService apps = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < Fence.MOST; i++) {
                var _ = apps.submit(() -> fence.within("m", LONG, this::hang));
            }
            begun.acquire(Fence.MOST);

            assertThatThrownBy(() -> fence.within("m", SHORT, () -> "never")).isInstanceOf(Fence.Crowded.class);
            assertThat(fence.within("other", LONG, () -> "another model")).isEqualTo("another model");
            released.release(Fence.MOST);
        }
    }

    @Test
    void whatWasGivenUpTakesNoPlaceUntilTooMuchOfItHangs() throws Exception {
        for (int i = 0; i < Fence.MOST - 1; i++) {
            giveUp("m");
        }
        assertThat(fence.within("m", LONG, () -> "in time")).isEqualTo("in time");
        giveUp("m");

        assertThatThrownBy(() -> fence.within("m", LONG, () -> "never"))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("hang");
        assertThat(fence.within("other", LONG, () -> "another model")).isEqualTo("another model");

        released.release(1_000);
        Await.until("what hung has ended", () -> {
            try {
                return fence.within("m", LONG, () -> "again").equals("again");
            } catch (Exception e) {
                return false;
            }
        });
    }

    private static Thread runner(Fence fence, String model) throws Exception {
        return fence.within(model, LONG, Thread::currentThread);
    }

    @Test
    void aModelThatHasLongBeenQuickRunsOnItsCallersThreadOneAtATime() throws Exception {
        AtomicLong nanos = new AtomicLong();
        Thread caller = Thread.currentThread();
        try (Fence quick = new Fence(nanos::get, 2);
                Fence small = new Fence(nanos::get, 1)) {
            for (int i = 0; i < Fence.QUICK_RUNS; i++) {
                assertThat(runner(quick, "m")).isNotEqualTo(caller);
                assertThat(runner(small, "m")).isNotEqualTo(caller);
            }
            assertThat(runner(quick, "m")).isEqualTo(caller);
            assertThat(runner(quick, "other")).isNotEqualTo(caller);
            assertThat(runner(small, "m")).as("there is no processor to spare").isNotEqualTo(caller);

            Thread hanging = Thread.ofVirtual().start(() -> {
                try {
                    quick.within("m", LONG, this::hang);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            begun.acquire();
            assertThat(runner(quick, "m")).as("one is under way").isNotEqualTo(caller);
            released.release();
            hanging.join();
            assertThat(runner(quick, "m")).isEqualTo(caller);

            quick.within("m", LONG, () -> nanos.addAndGet(Duration.ofMillis(6).toNanos()));
            assertThat(runner(quick, "m")).as("one took long").isNotEqualTo(caller);
        }
    }

    @Test
    void whatMayBeGivenUpDoesNotStreamAndWhatEndsByItselfRunsOnTheCallersThread() throws Exception {
        Chat chat = new Chat(
                "/v1/chat/completions",
                "{}".getBytes(StandardCharsets.UTF_8),
                true,
                Optional.empty(),
                Optional.of(new Relay() {
                    @Override
                    public void begin(Served by) {}

                    @Override
                    public void write(byte[] bytes) {}
                }));
        Request request = new Request("user-1", "hi", Terms.DEFAULT, Optional.of(chat));
        Thread caller = Thread.currentThread();
        World.Fixed kernel = new World.Fixed("kernel", asked -> {
            assertThat(asked.chat().orElseThrow().relay()).isEmpty();
            assertThat(Thread.currentThread()).isNotEqualTo(caller);
            return World.answer("yes");
        });
        World.Fixed server = new World.Fixed(
                "server",
                asked -> {
                    assertThat(asked.chat().orElseThrow().relay()).isPresent();
                    assertThat(Thread.currentThread()).isEqualTo(caller);
                    return World.answer("yes");
                },
                true);

        assertThat(fence.ask(kernel, request, Optional.of(LONG)).label()).isEqualTo("yes");
        assertThat(fence.ask(server, request, Optional.of(LONG)).label()).isEqualTo("yes");
        assertThat(fence.ask(server, request, Optional.empty()).label()).isEqualTo("yes");
    }
}
