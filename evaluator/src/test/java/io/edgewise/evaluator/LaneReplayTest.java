// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.testkit.SeededCases;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LaneReplayTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final long HOUR = 3_600_000;
    private static final Stratum SHADOW = new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, Stratum.ALL);

    /// What the database holds of one lane.
    private static final class Stored {
        private final Map<MarkKey, DeviceMark> marks = new HashMap<>();
        private final Map<DeviceKey, byte[]> blocks = new HashMap<>();
        private final List<byte[]> log = new ArrayList<>();
        private LaneChanges last = new LaneChanges(0, 0, 0, new byte[0], LaneTotals.NONE);

        void flush(Instance of) {
            last = of.lane.changes();
            Written.evidence(of.book.changes())
                    .forEach(row -> of.evidence
                            .computeIfAbsent(row.key(), unseen -> new Tally())
                            .merge(row.tally()));
            if (last.hasLog()) {
                log.add(last.log());
            }
            of.lane.written();
            of.book.written();
            of.lane.logged(last.hasLog() ? last.log().length : 0);
        }

        void writeRows(Lane lane) {
            DeviceRows rows = lane.rows();
            rows.marks().forEach(entry -> marks.put(entry.getKey(), copy(entry.getValue())));
            rows.blocks()
                    .forEach(
                            entry -> blocks.put(entry.getKey(), entry.getValue().encode()));
            assertThat(rows.blocks().stream().map(Map.Entry::getKey)).doesNotHaveDuplicates();
            assertThat(rows.marks().stream().map(Map.Entry::getKey)).doesNotHaveDuplicates();
            log.clear();
            lane.rowsWritten();
            assertThat(lane.logBytes()).isZero();
        }

        private static DeviceMark copy(DeviceMark mark) {
            return DeviceMark.restore(mark.through(), mark.lastSeq(), mark.ranges(), mark.accounts());
        }
    }

    /// A lane with a book of its own.
    private static final class Instance {
        private final LaneTools tools = Benches.tools(3);
        private final Book book = Benches.book(tools);
        private final Lane lane;
        /// All that was stored, by key.
        private final Map<EvidenceKey, Tally> evidence = new HashMap<>();

        Instance(Stored stored) {
            lane = new Lane(
                    new LaneId(Inlet.OBSERVATIONS, 0),
                    1,
                    tools,
                    book,
                    new Lane.Claimed(stored.last.nextOffset(), stored.last.lastAppendMs()));
            stored.marks.forEach((key, mark) -> lane.restore(key, Stored.copy(mark)));
            stored.blocks.forEach((key, blocks) -> lane.restore(key, DeviceBlocks.decode(blocks)));
            stored.log.forEach(lane::restoreLog);
        }

        Map<EvidenceKey, Tally> evidence() {
            Map<EvidenceKey, Tally> all = new HashMap<>();
            evidence.forEach((key, tally) -> all.put(key, tally.copy()));
            Written.evidence(book.changes())
                    .forEach(row -> all.computeIfAbsent(row.key(), unseen -> new Tally())
                            .merge(row.tally()));
            return all;
        }
    }

    @Test
    void totalsAreTheSumOverTheMarksAndNothingIsUnexplained() {
        SeededCases.forAll(60, random -> {
            Traffic traffic = new Traffic(random, NOW);
            Stored stored = new Stored();
            Instance instance = new Instance(stored);
            int holes = random.nextInt(8) == 0 ? DeviceMark.MAX_RANGES + 50 : 0;
            for (int i = 0; i < 400; i++) {
                instance.lane.accept(traffic.next());
                if (i == 200) {
                    traffic.holes(holes).forEach(instance.lane::accept);
                }
                isExplained(instance.lane.changes().totals());
                if (random.nextInt(20) == 0) {
                    stored.flush(instance);
                    if (random.nextInt(3) == 0) {
                        stored.writeRows(instance.lane);
                    }
                }
                if (random.nextInt(80) == 0) {
                    stored.flush(instance);
                    instance = new Instance(stored);
                    assertThat(instance.lane.changes().totals()).isEqualTo(stored.last.totals());
                }
            }
            stored.flush(instance);
            stored.writeRows(instance.lane);

            LaneTotals sum = LaneTotals.NONE;
            for (DeviceMark mark : stored.marks.values()) {
                assertThat(mark.imbalance()).isZero();
                sum = sum.plus(mark);
            }
            assertThat(stored.last.totals()).isEqualTo(sum);
            assertThat(sum.lost()).isEqualTo(holes == 0 ? 0 : 50);
        });
    }

    private static void isExplained(LaneTotals totals) {
        assertThat(totals.counted()
                        + totals.late()
                        + totals.rejected()
                        + totals.dropped()
                        + totals.lost()
                        + totals.openGaps())
                .isEqualTo(totals.lastSeq());
        assertThat(totals.openGaps()).isNotNegative();
    }

    @Test
    void aLaneThatWasTakenOverGoesOnLikeOneThatNeverStopped() {
        SeededCases.forAll(60, random -> {
            Traffic traffic = new Traffic(random, NOW);
            Stored stored = new Stored();
            Instance lasting = new Instance(stored);
            for (int i = 0; i < 150 + random.nextInt(150); i++) {
                lasting.lane.accept(traffic.next());
                if (random.nextInt(10) == 0) {
                    stored.flush(lasting);
                    if (random.nextInt(6) == 0) {
                        stored.writeRows(lasting.lane);
                    }
                }
            }
            stored.flush(lasting);
            Instance successor = new Instance(stored);
            assertThat(successor.lane.waitingRows()).isEqualTo(lasting.lane.waitingRows());
            assertThat(successor.lane.logBytes()).isEqualTo(lasting.lane.logBytes());
            Map<EvidenceKey, Tally> before = lasting.evidence();

            for (int i = 0; i < 100; i++) {
                Inbound record = traffic.next();
                lasting.lane.accept(record);
                successor.lane.accept(record);
            }
            traffic.pass(2 * HOUR);
            lasting.lane.idleUntil(traffic.nowMs());
            successor.lane.idleUntil(traffic.nowMs());

            assertThat(successor.lane.changes().totals())
                    .isEqualTo(lasting.lane.changes().totals());
            assertThat(successor.lane.isWaitingForTime()).isFalse();
            Map<EvidenceKey, Tally> added = new HashMap<>();
            lasting.evidence().forEach((key, tally) -> {
                Tally grown = tally.minus(before.getOrDefault(key, new Tally()));
                if (!grown.isEmpty()) {
                    added.put(key, grown);
                }
            });
            assertThat(successor.evidence()).isEqualTo(added);
            assertThat(rows(successor, stored)).isEqualTo(rows(lasting, stored));
        });
    }

    /// All rows as they would be in the end.
    private static Map<String, String> rows(Instance of, Stored from) {
        Stored stored = new Stored();
        stored.marks.putAll(from.marks);
        stored.blocks.putAll(from.blocks);
        stored.flush(of);
        stored.writeRows(of.lane);
        Map<String, String> rows = new TreeMap<>();
        stored.marks.forEach((key, mark) -> rows.put(
                key.toString(),
                mark.through() + " " + mark.lastSeq() + ' ' + HexFormat.of().formatHex(mark.ranges())
                        + mark.accounts()));
        stored.blocks.forEach(
                (key, blocks) -> rows.put(key.toString(), HexFormat.of().formatHex(blocks)));
        return rows;
    }

    /// A device stands in several parts of the log, its block open in each: it must not close once for each.
    @Test
    void aBlockThatStandsInManyPartsOfTheLogClosesOnce() {
        Stored stored = new Stored();
        Instance first = new Instance(stored);
        for (int seq = 1; seq <= 5; seq++) {
            first.lane.accept(Samples.inbound(
                    seq,
                    NOW,
                    Samples.pair("device-1", seq, NOW)
                            .setComparison(Samples.agreement(seq > 2))
                            .build()));
            stored.flush(first);
            if (seq == 2) {
                stored.writeRows(first.lane);
            }
        }
        assertThat(stored.log).hasSize(3);

        Instance successor = new Instance(stored);
        successor.lane.idleUntil(NOW + HOUR);

        Tally evidence = successor
                .evidence()
                .getOrDefault(new EvidenceKey(Samples.TENANT, Samples.WORKLOAD, Samples.ROLLOUT, SHADOW), new Tally());
        assertThat(evidence.read(Measures.BLOCKS_DISAGREE).buckets()).containsExactly(Measures.block(5, 2));
        assertThat(evidence.sum(Measures.BLOCKS_DISAGREE)).isEqualTo(1);
        stored.flush(successor);
        stored.writeRows(successor.lane);
        assertThat(stored.blocks).hasSize(1);
    }

    @Test
    void aRefusedRecordIsThereUntilItIsWritten() {
        Instance instance = new Instance(new Stored());
        Inbound record =
                Samples.inbound(0, NOW, Samples.pair("device-1", 1, NOW).build());
        instance.lane.refuse(record, "why");

        assertThat(instance.lane.rejections()).isEqualTo(1);
        new Stored().flush(instance);
        assertThat(instance.lane.rejections()).isZero();
        assertThat(instance.lane.rejected()).isEmpty();
    }
}
