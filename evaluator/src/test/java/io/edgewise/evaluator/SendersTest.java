// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Topics;
import io.edgewise.testkit.SeededCases;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SendersTest {
    private static final List<DeviceMark.Fate> FATES =
            List.of(DeviceMark.Fate.COUNTED, DeviceMark.Fate.LATE, DeviceMark.Fate.REJECTED);

    private final Senders senders = new Senders();

    @Test
    void everySenderIsFoundByItsKeyAndByNoOther() {
        Map<String, Sender> known = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            known.put("device-" + i, senders.of("t" + i % 3, "device-" + i));
        }

        for (int i = 0; i < 20_000; i++) {
            assertThat(senders.find(Topics.key("t" + i % 3, "device-" + i))).isSameAs(known.get("device-" + i));
        }
        assertThat(senders.find(Topics.key("t1", "device-0"))).isNull();
        assertThat(senders.find(new byte[0])).isNull();
    }

    @Test
    void aSpoolIsDirtyOnceAndThenLogged() {
        Sender sender = senders.of("t", "device");
        senders.touch(sender, 1).offer(1, DeviceMark.Fate.COUNTED);
        senders.touch(sender, 1).offer(2, DeviceMark.Fate.LATE);
        senders.touch(new Identity("t", "device", 2, 1)).offer(4, DeviceMark.Fate.COUNTED);

        assertThat(senders.dirty()).hasSize(2);
        assertThat(senders.totals()).isEqualTo(new LaneTotals(2, 1, 0, 0, 0, 0, 3, 6));
        senders.written();
        assertThat(senders.dirty()).isEmpty();
        assertThat(senders.logged()).hasSize(2);
        assertThat(senders.totals()).isEqualTo(new LaneTotals(2, 1, 0, 0, 0, 0, 3, 6));
    }

    @Test
    void theRolloutsOfTheLastRecordsAreLookedThroughFirst() {
        Sender sender = senders.of("t", "device");
        for (int rollout = 0; rollout < 100; rollout++) {
            sender.blocks("w", "r" + rollout);
        }
        assertThat(sender.rollouts().getFirst().key().rollout()).isEqualTo("r99");

        Sender.Blocks one = sender.blocks("w", "r7");
        Sender.Blocks other = sender.blocks("w", "r50");
        assertThat(sender.blocks("w", "r7")).isSameAs(one);
        assertThat(sender.blocks("other", "r7")).isNotSameAs(one);

        assertThat(sender.rollouts().subList(1, 4).stream()
                        .map(each -> each.key().rollout()))
                .containsExactly("r7", "r50", "r99");
        assertThat(sender.blocks("w", "r50")).isSameAs(other);
        assertThat(sender.rollouts()).hasSize(101).doesNotHaveDuplicates();
    }

    @Test
    void whatIsStoredOfManyDevicesSharesItsNames() {
        Sender.Blocks one = senders.blocks(new DeviceKey(read("t"), read("w"), read("rollout"), read("device-1")));
        Sender.Blocks other = senders.blocks(new DeviceKey(read("t"), read("w"), read("rollout"), read("device-2")));

        assertThat(other.key().tenant()).isSameAs(one.key().tenant());
        assertThat(other.key().workload()).isSameAs(one.key().workload());
        assertThat(other.key().rollout()).isSameAs(one.key().rollout());
        assertThat(senders.of("t", "device-2").blocks("w", "rollout")).isSameAs(other);
    }

    /// A string of its own, as every row has.
    private static String read(String text) {
        return String.copyValueOf(text.toCharArray());
    }

    @Test
    void totalsAreTheSumOverAllMarksWhateverHappens() {
        SeededCases.forAll(100, random -> {
            Senders all = new Senders();
            Map<MarkKey, DeviceMark> marks = new HashMap<>();
            for (int i = 0; i < 400; i++) {
                MarkKey key = new MarkKey("t", "device-" + random.nextInt(6), 1 + random.nextInt(2));
                switch (random.nextInt(8)) {
                    case 0 -> all.written();
                    case 1 -> {
                        if (all.dirty().isEmpty()) {
                            DeviceMark stored = new DeviceMark();
                            stored.offer(1 + random.nextInt(40), DeviceMark.Fate.COUNTED);
                            if (random.nextBoolean()) {
                                all.restore(key, stored);
                            } else {
                                all.restoreLogged(key, stored);
                            }
                            marks.put(key, stored);
                        }
                    }
                    default -> {
                        DeviceMark mark = all.touch(new Identity(key.tenant(), key.sender(), key.epoch(), 1));
                        assertThat(marks.computeIfAbsent(key, unseen -> mark)).isSameAs(mark);
                        mark.offer(1 + random.nextInt(60), FATES.get(random.nextInt(3)));
                        mark.reaches(random.nextInt(80));
                    }
                }
                LaneTotals sum = LaneTotals.NONE;
                for (DeviceMark mark : marks.values()) {
                    sum = sum.plus(mark);
                }
                assertThat(all.totals()).isEqualTo(sum);
            }
        });
    }

    @Test
    void whatIsRestoredFromRowsIsNotWrittenAgain() {
        MarkKey key = new MarkKey("t", "device", 7);
        senders.restoreLogged(key, new DeviceMark());
        assertThat(senders.logged()).hasSize(1);

        senders.restore(key, new DeviceMark());

        assertThat(senders.logged()).isEmpty();
    }
}
