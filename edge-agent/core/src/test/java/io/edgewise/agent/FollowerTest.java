// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.agent.orders.Keyring;
import io.edgewise.agent.orders.Moment;
import io.edgewise.agent.orders.OrdersState;
import io.edgewise.agent.orders.Standing;
import io.edgewise.agent.orders.StandingFile;
import io.edgewise.agent.spool.Backoff;
import io.edgewise.contracts.v1.Directive.Mode;
import io.edgewise.contracts.v1.Orders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FollowerTest {
    private static final Moment NOW = new Moment(Fixture.NOW, 5_000);

    @TempDir
    Path parent = Path.of("");

    @Test
    void savesTheWayBackAsSoonAsTheDiskTakesItEvenWithoutNews() throws IOException {
        Path folder = parent.resolve("missing");
        StandingFile file = new StandingFile(folder, "boot");
        Follower follower = new Follower(
                new Follower.Road(
                        (workload, cursor, wait) -> Orders.getDefaultInstance(),
                        "intents",
                        () -> new Backoff(1, 2, () -> 0)),
                new OrdersState(Keyring.of(Fixture.KEYS.getPublic()), "default", "intents", Map.of()),
                file,
                () -> NOW,
                Standing.NONE);
        Orders back = Orders.newBuilder()
                .addSigned(Fixture.sign(Fixture.directive(Mode.MODE_CHAMPION_ONLY, 4)))
                .build();

        assertThatThrownBy(() -> follower.obey(back)).isInstanceOf(IOException.class);
        assertThat(follower.standing().floor()).isEqualTo(4);
        assertThatThrownBy(() -> follower.obey(Orders.getDefaultInstance())).isInstanceOf(IOException.class);
        Files.createDirectory(folder);
        follower.obey(Orders.getDefaultInstance());

        assertThat(file.load(NOW).standing().floor()).isEqualTo(4);
    }

    @Test
    void reportsAWallClockThatJumpedAndNoneThatOnlyWentOn() throws IOException {
        AtomicReference<Moment> now = new AtomicReference<>(NOW);
        List<String> events = new ArrayList<>();
        Follower follower = new Follower(
                new Follower.Road(
                        (workload, cursor, wait) -> Orders.getDefaultInstance(),
                        "intents",
                        () -> new Backoff(1, 2, () -> 0)),
                new OrdersState(Keyring.of(Fixture.KEYS.getPublic()), "default", "intents", Map.of()),
                new StandingFile(parent, "boot"),
                now::get,
                Standing.NONE);
        follower.onEvent((event, detail) -> events.add(event + ": " + detail));

        now.set(new Moment(Fixture.NOW + 60_000, 60_000_000_000L));
        follower.tick();
        assertThat(events).isEmpty();
        now.set(new Moment(Fixture.NOW - 540_000, 120_000_000_000L));
        follower.tick();

        assertThat(events).containsExactly("clock-jump: the wall clock moved -660 s against the monotonic clock");
    }

    private Follower kiosk() {
        return new Follower(
                new Follower.Road(
                        (workload, cursor, wait) -> Orders.getDefaultInstance(),
                        "intents",
                        () -> new Backoff(1, 2, () -> 0)),
                new OrdersState(
                        Keyring.of(Fixture.KEYS.getPublic()), "default", "intents", Map.of("device_class", "kiosk")),
                new StandingFile(parent, "boot"),
                () -> NOW,
                Standing.NONE);
    }

    /// It was off when its own rollout was rolled back, and comes back after one of other devices has begun.
    @Test
    void obeysTheNewestDirectiveThatSelectsItWhateverLaterOnesAreForOthers() throws IOException {
        Follower follower = kiosk();
        Orders orders = Orders.newBuilder()
                .addSigned(Fixture.sign(Fixture.directive(Mode.MODE_CANARY, 6).putSelector("device_class", "phone")))
                .addSigned(Fixture.sign(
                        Fixture.directive(Mode.MODE_CHAMPION_ONLY, 5).putSelector("device_class", "kiosk")))
                .addSigned(Fixture.sign(Fixture.directive(Mode.MODE_APPROVED, 2)))
                .build();

        follower.obey(orders);
        follower.obey(orders);

        assertThat(follower.standing().floor()).isEqualTo(5);
        assertThat(follower.refused()).as("nothing is wrong").isEmpty();

        follower.obey(Orders.newBuilder().addSigned(orders.getSigned(0)).build());
        assertThat(follower.refused()).containsExactly(Map.entry("selector", 1L));
    }

    /// They come along with the directives of their groups.
    @Test
    void countsNoLeaseOfOtherDevicesAsRefusedAndThatOfNobody() throws IOException {
        Follower follower = kiosk();
        Orders orders = Orders.newBuilder()
                .addSigned(Fixture.sign(Fixture.directive(Mode.MODE_CANARY, 6).putSelector("device_class", "phone")))
                .addSigned(Fixture.sign(Fixture.lease(6, 4)))
                .addSigned(Fixture.sign(Fixture.directive(Mode.MODE_CANARY, 5).putSelector("device_class", "kiosk")))
                .addSigned(Fixture.sign(Fixture.lease(5, 9)))
                .addSigned(Fixture.sign(Fixture.directive(Mode.MODE_CANARY, 2)))
                .addSigned(Fixture.sign(Fixture.lease(2, 3)))
                .build();

        follower.obey(orders);
        follower.obey(orders);

        assertThat(follower.standing().lease().orElseThrow().content().getIssue())
                .isEqualTo(9);
        assertThat(follower.refused()).as("nothing is wrong").isEmpty();

        follower.obey(
                Orders.newBuilder().addSigned(Fixture.sign(Fixture.lease(7, 1))).build());
        assertThat(follower.refused()).containsExactly(Map.entry("lease-revision", 1L));
    }
}
