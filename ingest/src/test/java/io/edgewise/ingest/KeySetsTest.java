// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import static io.edgewise.ingest.Records.directive;
import static io.edgewise.ingest.Records.lease;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.KeySet;
import io.edgewise.contracts.v1.Orders;
import io.edgewise.contracts.v1.Signed;
import io.edgewise.testkit.SeededCases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What devices are told of the keys that orders are signed with.
class KeySetsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final OrdersBoard board = new OrdersBoard();

    private static Signed set(long version) {
        return Records.signed(
                Signing.KEYS,
                KeySet.newBuilder().setTenant("t").setVersion(version).build().toByteString());
    }

    private static Signed needing(long version, Signed signed) {
        return signed.toBuilder().setKeysVersion(version).build();
    }

    private void put(long version) {
        board.put("t/~keys/" + version, set(version));
    }

    private List<Signed> orders(long cursor) {
        return board.now("t", "w", cursor).map(Orders::getSignedList).orElse(List.of());
    }

    @Test
    void whoComesBackIsGivenEverySetInTheirOrderAndThenTheOrders() {
        board.put("t/w/A", needing(2, directive("t", "w", "A", 3)));
        put(2);
        put(1);

        assertThat(orders(0)).containsExactly(set(1), set(2), needing(2, directive("t", "w", "A", 3)));
    }

    @Test
    void anOrderIsGivenToNobodyBeforeTheSetThatNamesItsKeyIsHere() {
        board.put("t/w/A", directive("t", "w", "A", 3));
        board.put("t/w/A", needing(2, directive("t", "w", "A", 4)));
        board.put("t/w/B", directive("t", "w", "B", 2));
        board.put("t/w/B/lease", needing(1, lease("t", "w", "B", 2, 1)));

        assertThat(orders(0)).containsExactly(directive("t", "w", "B", 2));
        put(2);
        assertThat(orders(0))
                .as("the second set is of no use without the first")
                .containsExactly(directive("t", "w", "B", 2));
        put(1);
        assertThat(orders(0)).containsExactly(set(1), set(2), needing(2, directive("t", "w", "A", 4)));
    }

    @Test
    void aSetIsNewsOnceToWhoKnowsTheOrders() {
        board.put("t/w/A", directive("t", "w", "A", 3));
        long cursor = board.now("t", "w", 0).orElseThrow().getCursor();
        put(1);
        Orders told = board.now("t", "w", cursor).orElseThrow();

        assertThat(told.getSignedList()).containsExactly(set(1), directive("t", "w", "A", 3));
        assertThat(board.now("t", "w", told.getCursor())).isEmpty();
        board.put("t/w/A", needing(1, directive("t", "w", "A", 4)));
        assertThat(orders(told.getCursor()))
                .as("what it has is not told again")
                .containsExactly(needing(1, directive("t", "w", "A", 4)));
    }

    @Test
    void anInstanceThatLagsTakesNothingFromTheCursor() {
        long ahead = new Cursor(9, 3, 5).number();
        board.put("t/w/A", directive("t", "w", "A", 3));
        assertThat(board.now("t", "w", ahead)).isEmpty();

        for (long version = 1; version <= 4; version++) {
            put(version);
        }

        assertThat(Cursor.of(board.now("t", "w", ahead).orElseThrow().getCursor()))
                .isEqualTo(new Cursor(9, 4, 5));
    }

    @Test
    void cursorsThatWereGivenBeforeThereWereKeySetsMeanTheSame() {
        assertThat(Cursor.of((7L << 32) | 12)).isEqualTo(new Cursor(7, 0, 12));
        SeededCases.forAll(200, random -> {
            Cursor cursor = new Cursor(random.nextLong(1L << 31), random.nextLong(1_024), random.nextLong(1L << 22));
            assertThat(Cursor.of(cursor.number())).isEqualTo(cursor);
            assertThat(cursor.number()).isNotNegative();
        });
    }

    @Test
    void theOrderOfArrivalDoesNotMatter() {
        List<Signed> records = List.of(
                set(1),
                set(2),
                set(3),
                needing(1, directive("t", "w", "A", 4)),
                needing(3, lease("t", "w", "A", 4, 2)));
        List<String> keys = List.of("t/~keys/1", "t/~keys/2", "t/~keys/3", "t/w/A", "t/w/A/lease");
        SeededCases.forAll(100, random -> {
            OrdersBoard shuffled = new OrdersBoard();
            List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4));
            Collections.shuffle(order, Random.from(random));
            order.forEach(i -> shuffled.put(keys.get(i), records.get(i)));
            assertThat(shuffled.now("t", "w", 0).orElseThrow().getSignedList()).isEqualTo(records);
        });
    }

    @Test
    void setsAreOfTheirTenantAlone() {
        put(1);

        assertThat(board.now("u", "w", 0)).isEmpty();
        assertThat(board.now("t", "another", 0).orElseThrow().getSignedList()).containsExactly(set(1));
        board.remove("t/~keys/1");
        assertThat(board.now("t", "w", 0)).isEmpty();
    }

    @Test
    void wakesWhoeverWaitsWhicheverTheWorkload() throws Exception {
        try (ExecutorService devices = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Orders>> waiting = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                String workload = "w" + i;
                waiting.add(devices.submit(() -> board.await("t", workload, 0, LONG)));
            }
            put(1);
            for (Future<Orders> each : waiting) {
                assertThat(each.get().getSignedList()).containsExactly(set(1));
            }
        }
    }

    @Test
    void refusesSetsUnderAnotherKeyOrWithoutAVersion() {
        assertThatThrownBy(() -> board.put("t/~keys/2", set(1))).hasMessageContaining("t/~keys/1");
        assertThatThrownBy(() -> board.put("t/~keys/0", set(0))).hasMessageContaining("count from 1");
        assertThat(board.now("t", "w", 0)).isEmpty();
    }
}
