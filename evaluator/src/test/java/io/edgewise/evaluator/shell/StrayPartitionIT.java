// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.evaluator.Inlet;
import io.edgewise.evaluator.LaneId;
import io.edgewise.testkit.Await;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A process that stood still hears of partitions that are no longer its own.
@ExtendWith(PlatformExtension.class)
class StrayPartitionIT {
    private static final LaneId STRAY = new LaneId(Inlet.OBSERVATIONS, 0);

    /// A consumer that told of a partition and does not have it.
    @SuppressWarnings("unchecked")
    private static Consumer<byte[], byte[]> without(Consumer<byte[], byte[]> real, AtomicBoolean isAway) {
        TopicPartition stray = Holdings.partition(STRAY);
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, (_, method, arguments) -> {
                    if (isAway.get() && method.getName().equals("assignment")) {
                        return otherThan(stray, real);
                    }
                    if (isAway.get() && method.getName().equals("seek") && arguments[0].equals(stray)) {
                        throw new IllegalStateException("No current assignment for partition " + stray);
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /// Nothing is read of the one that is not said.
    private static Set<TopicPartition> otherThan(TopicPartition stray, Consumer<byte[], byte[]> real) {
        Set<TopicPartition> assigned = new HashSet<>(real.assignment());
        if (assigned.remove(stray)) {
            real.pause(List.of(stray));
            real.seek(stray, 0);
        }
        return assigned;
    }

    @Test
    void aPartitionThatTheGroupGaveToAnotherIsNotTakenFromIt(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            Ledger ledger = new Ledger(83, InstantSource.system().millis());
            UUID other = UUID.randomUUID();
            ground.database().transact(sql -> LaneClaims.take(sql, new TreeMap<>(Map.of(STRAY, 0L)), other));
            AtomicBoolean isAway = new AtomicBoolean(true);
            EvaluatorLoop loop = ground.loop(real -> without(real, isAway));
            ledger.round(300, 8).forEach(ground::send);
            ground.sent();

            Await.until("the partitions that are its own are counted", () -> {
                Ground.round(loop);
                return ground.number("SELECT count(*) FROM evaluator.published_lane WHERE counted > 0") >= 3
                        && ground.number("SELECT counted FROM evaluator.published_lane WHERE topic = '"
                                        + STRAY.inlet().topic() + "' AND partition = 0")
                                == 0;
            });
            assertThat(ground.number("SELECT count(*) FROM evaluator.lane WHERE owner = '" + other + "'"))
                    .isEqualTo(1);

            isAway.set(false);
            ground.drain(loop);
            ledger.check(ground);
        }
    }
}
