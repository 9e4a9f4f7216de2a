// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Frontier;
import io.edgewise.contracts.v1.Money;
import io.edgewise.contracts.v1.Role;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class MirrorsTest {
    private static final int AT_ONCE = 8;
    private static final Target EDGE = new Target(Role.ROLE_CHALLENGER, new Target.Build("edge-1"));
    private static final Target CLOUD = new Target(Role.ROLE_CHAMPION, new Target.Frontier("cloud"));

    @Test
    @Timeout(60)
    void endsThoughMirrorsDoNotAndShedsThoseThatWait() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(AT_ONCE);
        // Like native code, what waits for it does nothing when it is interrupted.
        Semaphore released = new Semaphore(0);
        CountDownLatch shed = new CountDownLatch(1);
        Mirrors mirrors = new Mirrors(16, Policies.Mirroring.DEFAULT, () -> 0, Duration.ofMillis(50));
        for (int i = 0; i < AT_ONCE; i++) {
            mirrors.offer(EDGE, DeviceState.UNKNOWN, job(() -> {
                started.countDown();
                released.acquireUninterruptibly();
            }));
        }
        assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
        mirrors.offer(EDGE, DeviceState.UNKNOWN, new Mirrors.Job(0, () -> {}, shed::countDown));

        mirrors.close();

        assertThat(shed.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(mirrors.shed()).isEqualTo(1);
        released.release(AT_ONCE);
        assertThat(mirrors.awaitIdle(20_000)).isTrue();
    }

    private static Mirrors.Job job(Runnable mirror) {
        return new Mirrors.Job(0, mirror, () -> {});
    }

    @Test
    @Timeout(60)
    void holdsNoMoreBytesThanItMayHoweverFewMirrorsTheyAre() throws InterruptedException {
        long much = 9L << 20;
        AtomicInteger ran = new AtomicInteger();
        CountDownLatch goOn = new CountDownLatch(1);
        Runnable waits = () -> {
            try {
                goOn.await();
                ran.incrementAndGet();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        Mirrors mirrors = new Mirrors(16, Policies.Mirroring.DEFAULT, () -> 0);
        mirrors.offer(EDGE, DeviceState.UNKNOWN, new Mirrors.Job(much, waits, () -> {}));
        mirrors.offer(EDGE, DeviceState.UNKNOWN, new Mirrors.Job(much, waits, () -> {}));
        mirrors.offer(EDGE, DeviceState.UNKNOWN, new Mirrors.Job(1_000, waits, () -> {}));
        assertThat(mirrors.reasons()).containsExactly(java.util.Map.entry("queue", 1L));

        goOn.countDown();
        assertThat(mirrors.awaitIdle(20_000)).isTrue();
        mirrors.offer(EDGE, DeviceState.UNKNOWN, new Mirrors.Job(3 * much, waits, () -> {}));
        assertThat(mirrors.awaitIdle(20_000)).isTrue();

        assertThat(ran).as("a large one has room when it is alone").hasValue(3);
        mirrors.close();
    }

    private static DeviceState state(double battery, boolean charging, boolean metered, DeviceState.Thermal thermal) {
        return new DeviceState(OptionalDouble.of(battery), Optional.of(charging), Optional.of(metered), thermal, true);
    }

    @Test
    void runsNoneOnALowBatteryInHeatOrForMoneyOnAMeteredNetwork() throws InterruptedException {
        AtomicInteger ran = new AtomicInteger();
        Mirrors mirrors = new Mirrors(16, Policies.Mirroring.DEFAULT, () -> 0);
        DeviceState.Thermal cool = DeviceState.Thermal.NOMINAL;
        mirrors.offer(EDGE, state(0.1, false, false, cool), job(ran::incrementAndGet));
        mirrors.offer(EDGE, state(0.9, false, false, DeviceState.Thermal.SERIOUS), job(ran::incrementAndGet));
        mirrors.offer(CLOUD, state(0.9, false, true, cool), job(ran::incrementAndGet));
        assertThat(mirrors.reasons())
                .containsEntry("battery", 1L)
                .containsEntry("heat", 1L)
                .containsEntry("metered", 1L);

        mirrors.offer(EDGE, state(0.1, true, true, cool), job(ran::incrementAndGet));
        mirrors.awaitIdle(20_000);

        assertThat(ran).hasValue(1);
        assertThat(mirrors.shed()).isEqualTo(3);
        mirrors.close();
    }

    @Test
    void asksNoFrontierForMoreThanItsBudgetAnHour() throws InterruptedException {
        AtomicLong nanos = new AtomicLong();
        AtomicInteger ran = new AtomicInteger();
        Mirrors mirrors = new Mirrors(16, new Policies.Mirroring(2, 1_000, 0), nanos::get);
        Attempt paid = new Attempt(Arm.newBuilder()
                .setFrontier(Frontier.newBuilder().setProvider("cloud"))
                .setCost(Money.newBuilder().setNanos(600).setCurrency("USD"))
                .build());
        mirrors.spent(paid);
        mirrors.offer(CLOUD, DeviceState.UNKNOWN, job(ran::incrementAndGet));
        mirrors.awaitIdle(20_000);
        mirrors.spent(paid);
        mirrors.offer(CLOUD, DeviceState.UNKNOWN, job(ran::incrementAndGet));
        mirrors.offer(EDGE, DeviceState.UNKNOWN, job(ran::incrementAndGet));
        mirrors.awaitIdle(20_000);
        assertThat(mirrors.reasons()).containsExactly(java.util.Map.entry("cost", 1L));
        assertThat(ran).hasValue(2);

        nanos.set(3_600_000_000_000L);
        mirrors.offer(CLOUD, DeviceState.UNKNOWN, job(ran::incrementAndGet));
        mirrors.awaitIdle(20_000);

        assertThat(ran).hasValue(3);
        mirrors.close();
    }
}
