// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.testkit.Await;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Evaluators in processes of their own share the partitions of one group.
@ExtendWith(PlatformExtension.class)
class SharedPartitionsIT {
    private static final int ALL = 2 * Ground.PARTITIONS;

    @Test
    void twoThenThreeProcessesShareThePartitionsAndAreExactWhenOneIsKilled(Platform platform) throws Exception {
        String group = "shared-" + platform.topicSuffix();
        try (Ground ground = new Ground(platform);
                CountingProcess one = CountingProcess.start(platform, group);
                CountingProcess two = CountingProcess.start(platform, group)) {
            ground.shorten(group, Duration.ofSeconds(3));
            Ledger ledger = new Ledger(71, InstantSource.system().millis());
            awaitShared(ground, group, List.of(one, two));
            count(ground, ledger, 300);
            assertThat(ground.number("SELECT count(*) FROM evaluator.book")).isEqualTo(2);

            try (CountingProcess three = CountingProcess.start(platform, group)) {
                ledger.round(200, 12).forEach(ground::send);
                awaitShared(ground, group, List.of(one, two, three));
                count(ground, ledger, 300);
                assertThat(ground.number("SELECT count(*) FROM evaluator.book")).isEqualTo(3);

                killWhileItCounts(ground, ledger, two);

                awaitShared(ground, group, List.of(one, three));
                count(ground, ledger, 100);
            }
        }
    }

    /// Part of what is sent is stored by then, and part of it is not.
    private static void killWhileItCounts(Ground ground, Ledger ledger, CountingProcess victim) throws Exception {
        long before = counted(ground);
        for (int part = 0; part < 10; part++) {
            ledger.round(80, 12).forEach(ground::send);
            ledger.said(20, 12).forEach(ground::send);
        }
        Await.until("what is sent is being counted", () -> counted(ground) > before);
        victim.kill();
        for (int part = 0; part < 5; part++) {
            ledger.round(40, 12).forEach(ground::send);
            ledger.said(10, 12).forEach(ground::send);
        }
        ground.sent();
    }

    private static long counted(Ground ground) throws Exception {
        return ground.number("SELECT coalesce(sum(counted), 0) FROM evaluator.published_lane");
    }

    private static void count(Ground ground, Ledger ledger, int requests) throws Exception {
        ledger.round(requests, 12).forEach(ground::send);
        ground.sent();
        Await.until("everything is counted", ground::isStored);
        ledger.check(ground);
    }

    /// Each of them has partitions, and all partitions together.
    private static void awaitShared(Ground ground, String group, List<CountingProcess> by) {
        Await.until(by.size() + " share the partitions", () -> {
            for (CountingProcess each : by) {
                each.requireAlive();
            }
            List<Integer> shares = ground.shares(group);
            return shares.size() == by.size()
                    && !shares.contains(0)
                    && shares.stream().mapToInt(Integer::intValue).sum() == ALL;
        });
    }
}
