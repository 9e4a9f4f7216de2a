// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.agent.Fixture;
import io.edgewise.contracts.v1.Directive.Mode;
import io.edgewise.contracts.v1.Signed;
import io.edgewise.testkit.SeededCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A lease under a wall clock that jumps, a machine that boots and an agent that restarts.
final class LeaseClockTest {
    private static final long MINUTE_MS = 60_000;
    private static final long LEASE_MS = 15 * MINUTE_MS;
    private static final Signed CANARY = Fixture.sign(
            Fixture.directive(Mode.MODE_CANARY, 3).setShareBp(10_000).setLeased(true));
    private static final Signed LEASE = Fixture.sign(Fixture.lease(3, 1));

    @TempDir
    Path folder = Path.of("");

    private final OrdersState state =
            new OrdersState(Keyring.of(Fixture.KEYS.getPublic()), "default", "intents", Map.of());

    /// The device: its clocks, and what it holds.
    private static final class Device {
        private long wallMs = Fixture.NOW;
        private long nanos = 5_000_000_000L;
        private int boots;
        private Standing standing = Standing.NONE;
        private Moment saved = now();
        private int savedIn;

        private Moment now() {
            return new Moment(wallMs, nanos);
        }

        private void pass(long millis) {
            wallMs += millis;
            nanos += millis * 1_000_000;
        }

        private StandingFile file(Path folder) {
            return new StandingFile(folder, "boot-" + boots);
        }
    }

    private void accept(Device device, Signed signed) {
        Judgement judgement = state.judge(device.standing, signed, device.now());
        assertThat(judgement).isInstanceOf(Judgement.Accepted.class);
        device.standing = ((Judgement.Accepted) judgement).next();
    }

    private Device leased() {
        Device device = new Device();
        accept(device, CANARY);
        accept(device, LEASE);
        assertThat(device.standing.hasLiveLease(device.now())).isTrue();
        return device;
    }

    private void restart(Device device) throws IOException {
        // Not synced: what a machine loses is another test's.
        Files.write(
                folder.resolve(StandingFile.NAME),
                new StandingFile(folder, "boot-" + device.savedIn).format(device.standing, device.saved));
        device.standing = device.file(folder).load(device.now()).standing();
    }

    /// As if it were written now; it is when it is read, which spares the disk.
    private static void save(Device device) {
        device.saved = device.now();
        device.savedIn = device.boots;
    }

    @Test
    void neverLastsLongerThanItWasGivenForWhateverTheWallClockSays() {
        SeededCases.forAll(500, this::wander);
    }

    @Test
    @Tag("slow")
    void neverDoesSoInManyMoreLives() {
        SeededCases.forAll(20_000, this::wander);
    }

    private void wander(SplittableRandom random) throws IOException {
        Device device = leased();
        long running = 0;
        long restarts = 0;
        save(device);
        for (int step = 0; step < 60; step++) {
            switch (random.nextInt(8)) {
                case 0 -> device.wallMs += (random.nextBoolean() ? 1L : -1L) * 24 * 60 * MINUTE_MS;
                case 1 -> {
                    // A boot: off for a while, with a clock that may be wrong afterwards.
                    device.boots++;
                    device.nanos = random.nextLong(1_000_000_000L);
                    device.wallMs += random.nextLong(-600, 600) * MINUTE_MS;
                    restarts++;
                    restart(device);
                }
                case 2 -> {
                    restarts++;
                    restart(device);
                }
                default -> {
                    device.pass(MINUTE_MS);
                    running += MINUTE_MS;
                    save(device);
                }
            }
            if (running >= LEASE_MS + restarts * MINUTE_MS) {
                assertThat(device.standing.hasLiveLease(device.now()))
                        .as("after %s minutes of running and %s restarts", running / MINUTE_MS, restarts)
                        .isFalse();
            }
        }
    }

    @Test
    void isShortenedByAClockThatWentForward() {
        Device device = leased();

        device.wallMs += LEASE_MS;

        assertThat(device.standing.hasLiveLease(device.now())).isFalse();
    }

    @Test
    void doesNotGrowByAClockThatWentBackBetweenTwoLives() throws IOException {
        Device device = leased();
        device.pass(14 * MINUTE_MS);
        save(device);
        device.wallMs -= 24 * 60 * MINUTE_MS;
        device.boots++;
        device.nanos = 0;
        restart(device);
        assertThat(device.standing.hasLiveLease(device.now())).isTrue();

        device.pass(MINUTE_MS);

        assertThat(device.standing.hasLiveLease(device.now())).isFalse();
    }

    @Test
    void countsTheTimeThatTheAgentWasDownInTheSameRunOfTheMachine() throws IOException {
        Device device = leased();
        save(device);
        device.nanos += LEASE_MS * 1_000_000;
        restart(device);

        assertThat(device.standing.hasLiveLease(device.now())).isFalse();
    }
}
