// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.testkit.SeededCases;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DeviceLogTest {
    private static final HexFormat HEX = HexFormat.of();

    /// What a log was made of.
    private record Content(List<Sender.Spool> spools, List<Sender.Blocks> blocks) {
        byte[] encode() {
            return DeviceLog.encode(spools, blocks);
        }
    }

    @Test
    void aPartSaysWhatWasWrittenIntoIt() {
        SeededCases.forAll(300, random -> {
            Content content = content(random);
            Lane lane = fresh();

            lane.restoreLog(content.encode());

            List<String> expected = new ArrayList<>();
            content.spools().forEach(spool -> expected.add(text(spool.key(), spool.mark())));
            content.blocks().forEach(each -> expected.add(text(each.key(), each.blocks())));
            assertThat(texts(lane)).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(lane.logBytes()).isEqualTo(content.encode().length);
            assertThat(lane.waitingRows()).isEqualTo(expected.size());
            LaneTotals sum = LaneTotals.NONE;
            for (Sender.Spool spool : content.spools()) {
                sum = sum.plus(spool.mark());
            }
            assertThat(lane.changes().totals()).isEqualTo(sum);
        });
    }

    @Test
    void nothingIsAPartWithoutEntries() {
        byte[] nothing = DeviceLog.encode(List.of(), List.of());
        Lane lane = fresh();

        lane.restoreLog(nothing);

        assertThat(new LaneChanges(0, 0, 0, nothing, LaneTotals.NONE).hasLog()).isFalse();
        assertThat(texts(lane)).isEmpty();
    }

    /// Where it cannot be noticed (a part that ends between two entries, a number that is another), that is all.
    @Test
    void damageIsNamedAndNothingElseHappens() {
        SeededCases.forAll(3_000, random -> {
            byte[] part = content(random).encode();
            byte[] damaged = random.nextBoolean() ? Arrays.copyOf(part, random.nextInt(part.length)) : part.clone();
            for (int flips = random.nextInt(4); flips > 0 && damaged.length > 0; flips--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }

            try {
                fresh().restoreLog(damaged);
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).containsAnyOf("damaged", "version", "guardrails");
            }
        });
    }

    @Test
    void aPartOfANewerVersionIsRefused() {
        byte[] part = DeviceLog.encode(List.of(), List.of());
        part[0] = 2;

        assertThatThrownBy(() -> fresh().restoreLog(part))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("version 2")
                .hasMessageContaining("reads 1");
        assertThatThrownBy(() -> fresh().restoreLog(new byte[0])).hasMessageContaining("damaged at byte 0 of 0");
    }

    private static Lane fresh() {
        LaneTools tools = Benches.tools(3);
        return Benches.lane(Inlet.OBSERVATIONS, tools, Benches.book(tools));
    }

    private static List<String> texts(Lane lane) {
        List<String> texts = new ArrayList<>();
        lane.rows().marks().forEach(entry -> texts.add(text(entry.getKey(), entry.getValue())));
        lane.rows().blocks().forEach(entry -> texts.add(text(entry.getKey(), entry.getValue())));
        return texts;
    }

    private static String text(MarkKey key, DeviceMark mark) {
        return key + " " + mark.through() + ' ' + mark.lastSeq() + ' ' + HEX.formatHex(mark.ranges()) + ' '
                + mark.accounts();
    }

    private static String text(DeviceKey key, DeviceBlocks blocks) {
        return key + " " + HEX.formatHex(blocks.encode());
    }

    private static Content content(SplittableRandom random) {
        List<Sender.Spool> spools = new ArrayList<>();
        List<Sender.Blocks> blocks = new ArrayList<>();
        for (int device = 1 + random.nextInt(6); device > 0; device--) {
            // One is named like its tenant, which stands for that text in the log.
            String name = device == 3 ? "tenant-1" : "gerät-" + device;
            String tenant = "tenant-" + random.nextInt(2);
            byte[] key = Topics.key(tenant, name);
            Sender sender = new Sender(key, Arrays.hashCode(key), tenant, name);
            for (int epochs = random.nextInt(3); epochs > 0; epochs--) {
                spools.add(sender.add(random.nextLong(), mark(random)));
            }
            for (int rollouts = random.nextInt(3); rollouts > 0; rollouts--) {
                Sender.Blocks each = sender.blocks("voice", "rollout-" + rollouts);
                each.replace(blocks(random));
                blocks.add(each);
            }
        }
        return new Content(spools, blocks);
    }

    private static DeviceMark mark(SplittableRandom random) {
        DeviceMark mark = new DeviceMark();
        for (int i = random.nextInt(30); i > 0; i--) {
            mark.offer(1 + random.nextLong(random.nextBoolean() ? 40 : 1L << 53), DeviceMark.Fate.COUNTED);
        }
        mark.reaches(random.nextLong(1L << 53));
        return mark;
    }

    private static DeviceBlocks blocks(SplittableRandom random) {
        DeviceBlocks blocks = new DeviceBlocks();
        for (int i = random.nextInt(60); i > 0; i--) {
            Stratum stratum = new Stratum(
                    random.nextInt(20) == 0 ? 99 : 0, Cohort.COHORT_CANARY, 10_000, random.nextBoolean(), Stratum.ALL);
            blocks.firstIn(stratum);
            BlockKind kind = BlockKind.all()[random.nextInt(BlockKind.all().length)];
            blocks.step(kind, random.nextInt(3) - 1, stratum, 1_800_000_000_000L + i, (in, what, n, k) -> {});
        }
        return blocks;
    }
}
