// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import static io.edgewise.ingest.Records.directive;
import static io.edgewise.ingest.Records.lease;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Orders;
import io.edgewise.contracts.v1.Signed;
import io.edgewise.testkit.SeededCases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class OrdersBoardTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final OrdersBoard board = new OrdersBoard();

    @Test
    void answersTheDirectiveOfHighestRevisionWithItsRolloutsLease() {
        board.put("t/w/A", directive("t", "w", "A", 3));
        board.put("t/w/A/lease", lease("t", "w", "A", 3, 1));
        board.put("t/w/B", directive("t", "w", "B", 4));
        board.put("t/w/B/lease", lease("t", "w", "B", 4, 1));

        assertThat(board.now("t", "w", 0).orElseThrow().getSignedList())
                .containsExactly(directive("t", "w", "B", 4), lease("t", "w", "B", 4, 1));
    }

    /// A kiosk that was off while its rollout was rolled back, and came back after one of phones had begun.
    @Test
    void aDirectiveOfOtherDevicesHidesNobodysOwn() {
        Signed kiosks = selecting("A", 5, "kiosk");
        Signed phones = selecting("B", 6, "phone");
        board.put("t/w/0", directive("t", "w", "0", 2));
        board.put("t/w/older", selecting("older", 3, "kiosk"));
        board.put("t/w/A", kiosks);
        board.put("t/w/B", phones);
        board.put("t/w/B/lease", lease("t", "w", "B", 6, 1));

        assertThat(board.now("t", "w", 0).orElseThrow().getSignedList())
                .containsExactly(phones, lease("t", "w", "B", 6, 1), kiosks, directive("t", "w", "0", 2));
    }

    /// Or its canary would end with its lease.
    @Test
    void aLeaseOfOlderDirectivesForOtherDevicesIsNewsToo() {
        board.put("t/w/A", selecting("A", 5, "kiosk"));
        board.put("t/w/A/lease", lease("t", "w", "A", 5, 1));
        board.put("t/w/B", selecting("B", 6, "phone"));
        long cursor = board.now("t", "w", 0).orElseThrow().getCursor();
        assertThat(board.now("t", "w", cursor)).isEmpty();

        board.put("t/w/A/lease", lease("t", "w", "A", 5, 2));

        Orders renewed = board.now("t", "w", cursor).orElseThrow();
        assertThat(renewed.getSignedList()).contains(lease("t", "w", "A", 5, 2));
        assertThat(board.now("t", "w", renewed.getCursor())).isEmpty();
        board.put("t/w/B/lease", lease("t", "w", "B", 6, 1));
        assertThat(board.now("t", "w", renewed.getCursor())).isPresent();
    }

    private static Signed selecting(String rollout, long revision, String deviceClass) {
        return Records.signed(
                Signing.DIRECTIVE,
                Directive.newBuilder()
                        .setTenant("t")
                        .setWorkload("w")
                        .setRollout(rollout)
                        .setRevision(revision)
                        .putSelector("device_class", deviceClass)
                        .build()
                        .toByteString());
    }

    @Test
    void hasNothingNewForWhoKnowsIt() {
        board.put("t/w/A", directive("t", "w", "A", 3));
        long cursor = board.now("t", "w", 0).orElseThrow().getCursor();

        assertThat(board.now("t", "w", cursor)).isEmpty();
        board.put("t/w/A/lease", lease("t", "w", "A", 3, 1));
        long next = board.now("t", "w", cursor).orElseThrow().getCursor();
        assertThat(next).isGreaterThan(cursor);
        board.put("t/w/A/lease", lease("t", "w", "A", 3, 2));
        assertThat(board.now("t", "w", next)).isPresent();
    }

    @Test
    void neverAnswersAnotherTenantsOrders() {
        board.put("t/w/A", directive("t", "w", "A", 3));

        assertThat(board.now("u", "w", 0)).isEmpty();
        assertThat(board.now("t", "v", 0)).isEmpty();
    }

    @Test
    void anOlderRecordOfARolloutChangesNothing() {
        board.put("t/w/A", directive("t", "w", "A", 3));
        board.put("t/w/A", directive("t", "w", "A", 2));

        assertThat(board.now("t", "w", 0).orElseThrow().getSigned(0)).isEqualTo(directive("t", "w", "A", 3));
    }

    @Test
    void aDeletedDirectiveGivesWayToTheNextHighest() {
        board.put("t/w/A", directive("t", "w", "A", 3));
        board.put("t/w/B", directive("t", "w", "B", 4));
        board.remove("t/w/B");

        assertThat(board.now("t", "w", 0).orElseThrow().getSigned(0)).isEqualTo(directive("t", "w", "A", 3));
    }

    @Test
    void refusesWhatIsNoOrderAndSaysWhy() {
        assertThatThrownBy(() -> board.put("t/w/B", directive("t", "w", "A", 3)))
                .hasMessageContaining("t/w/A");
        assertThatThrownBy(() -> board.put(
                        "t/w/A",
                        directive("t", "w", "A", 3).toBuilder().setDomain("x").build()))
                .hasMessageContaining("domain");
        assertThatThrownBy(() -> board.remove("nonsense")).hasMessageContaining("nonsense");
        assertThat(board.now("t", "w", 0)).isEmpty();
    }

    @Test
    void theOrderOfArrivalDoesNotMatter() {
        List<Signed> signed = List.of(
                directive("t", "w", "A", 1),
                directive("t", "w", "A", 4),
                directive("t", "w", "B", 3),
                lease("t", "w", "A", 4, 1),
                lease("t", "w", "A", 4, 2),
                lease("t", "w", "B", 3, 9));
        List<String> keys = List.of("t/w/A", "t/w/A", "t/w/B", "t/w/A/lease", "t/w/A/lease", "t/w/B/lease");
        Optional<Orders> expected = Optional.of(Orders.newBuilder()
                .setCursor((4L << 32) | 2)
                .addSigned(signed.get(1))
                .addSigned(signed.get(4))
                .build());
        SeededCases.forAll(100, random -> {
            OrdersBoard shuffled = new OrdersBoard();
            List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5));
            Collections.shuffle(order, Random.from(random));
            order.forEach(i -> shuffled.put(keys.get(i), signed.get(i)));
            assertThat(shuffled.now("t", "w", 0)).isEqualTo(expected);
        });
    }

    @Test
    void answersAtOnceWhatIsThere() throws Exception {
        board.put("t/w/A", directive("t", "w", "A", 3));

        assertThat(board.await("t", "w", 0, LONG).getSignedCount()).isEqualTo(1);
    }

    @Test
    void afterTheWaitTheCursorIsTheSameAndNothingIsInIt() throws Exception {
        Orders orders = board.await("t", "w", 42, Duration.ofMillis(1));

        assertThat(orders).isEqualTo(Orders.newBuilder().setCursor(42).build());
    }

    @Test
    void wakesEveryDeviceThatWaits() throws Exception {
        try (ExecutorService devices = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Orders>> waiting = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                waiting.add(devices.submit(() -> board.await("t", "w", 0, LONG)));
            }
            board.put("t/w/A", directive("t", "w", "A", 3));
            for (Future<Orders> each : waiting) {
                assertThat(each.get().getSignedCount()).isEqualTo(1);
            }
        }
    }

    @Test
    void letsEveryoneGoWhenItCloses() throws Exception {
        try (ExecutorService devices = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Orders> waiting = devices.submit(() -> board.await("t", "w", 7, LONG));
            board.close();
            assertThat(waiting.get().getCursor()).isEqualTo(7);
        }
        assertThat(board.await("t", "w", 7, LONG).getSignedCount()).isZero();
    }
}
