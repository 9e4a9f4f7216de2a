// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.evaluator.wire.Request;
import io.edgewise.evaluator.wire.Word;
import io.edgewise.statistics.calibration.Reliability;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What one evaluator counts over all partitions it holds: evidence, windows and counters.
///
/// A book is shared by an instance's lanes and stored in the same transaction as their offsets. When that transaction
/// fails, the book and all lanes are thrown away together and loaded again: part of what is in here came from each.
/// Readers add up the books. Not safe for concurrent use.
public final class Book {
    /// Labels of one cell beyond these are counted together, in this bucket.
    static final int MOST_LABELS = 4_096;

    static final int OTHER_LABEL = -1;
    private static final int IDLE_FLUSHES = 240;
    private static final int CACHED = 256;

    private record GroupKey(
            String tenant,
            String workload,
            String rollout,
            int stage,
            int cohort,
            int pairingRateBp,
            boolean escalated) {}

    private final MeasureTable measures;
    private final Evidence evidence;
    private final Windows windows = new Windows();
    private final Disagreements disagreements;
    private final Counters counters = new Counters();
    private final Set<String> rollouts = new TreeSet<>();
    private final Map<GroupKey, Group> groups = new HashMap<>();
    private final @Nullable Group[] recent = new Group[CACHED];

    public Book(LaneTools tools, EvidenceSource source) {
        this.measures = tools.measures();
        this.evidence = new Evidence(source);
        this.disagreements = new Disagreements(tools.policy().sample());
    }

    Counters counters() {
        return counters;
    }

    /// The group of a request.
    Group group(Request request) {
        boolean inRollout = !request.rollout().isEmpty();
        return group(
                request.tenant(),
                request.workload(),
                request.rollout(),
                inRollout ? request.stage() : 0,
                inRollout ? request.cohort() : 0,
                inRollout ? request.pairingRateBp() : 0,
                inRollout && request.isEscalated());
    }

    Group group(
            Word tenant, Word workload, Word rollout, int stage, int cohort, int pairingRateBp, boolean isEscalated) {
        int at = (31 * (31 * rollout.hashCode() + workload.hashCode())
                        + (stage << 4)
                        + (cohort << 1)
                        + pairingRateBp
                        + (isEscalated ? 1 : 0))
                & (CACHED - 1);
        Group group = recent[at];
        if (group == null || !group.is(tenant, workload, rollout, stage, cohort, pairingRateBp, isEscalated)) {
            group = groups.computeIfAbsent(
                    new GroupKey(
                            tenant.text(), workload.text(), rollout.text(), stage, cohort, pairingRateBp, isEscalated),
                    Book::group);
            recent[at] = group;
        }
        return group;
    }

    private static Group group(GroupKey key) {
        Cohort cohort = Cohort.forNumber(key.cohort());
        Stratum stratum = new Stratum(
                key.stage(),
                cohort == null ? Cohort.COHORT_UNSPECIFIED : cohort,
                key.pairingRateBp(),
                key.escalated(),
                Stratum.ALL);
        return new Group(new EvidenceKey(key.tenant(), key.workload(), key.rollout(), stratum));
    }

    /// One more device in the group's stratum.
    void device(Group group) {
        add(group.key(), Measures.DEVICES, 0);
    }

    /// The guardrails at these places, as bits, began a device's block.
    void opened(Group group, int places, Reading reading) {
        for (BlockKind kind : BlockKind.all()) {
            if ((places & 1 << kind.place()) != 0) {
                add(group.key(), Measures.BLOCKS_OPENED, kind.place());
            }
        }
        if ((places & 1 << BlockKind.CALIBRATION.place()) != 0) {
            Tally tally = evidence.touch(group.key(), Stratum.ALL).tally();
            int bin = Reliability.bin(Confidence.clip(reading.confidence()));
            tally.add(Measures.CALIBRATION_FIRST, 4 * bin, 1);
            tally.add(Measures.CALIBRATION_FIRST, 4 * bin + 1, reading.isCorrect() ? 1 : 0);
            tally.add(Measures.CALIBRATION_FIRST, 4 * bin + 2, Confidence.nanos(reading.confidence()));
        }
    }

    /// A pair of this minute disagreed.
    void disagreement(Group group, long minute, long chance, byte[] record) {
        Pool pool = group.pool(minute);
        UniformSample sample = pool.disagreements();
        if (sample == null) {
            sample = disagreements.of(group.window(minute));
            pool.disagreements(sample);
        }
        disagreements.offer(sample, chance, record);
    }

    /// A device block closed.
    void closed(DeviceKey device, Stratum stratum, BlockKind kind, int n, int k) {
        add(
                new EvidenceKey(device.tenant(), device.workload(), device.rollout(), stratum),
                kind.measure(),
                Measures.block(n, k));
    }

    private void add(EvidenceKey key, String measure, int bucket) {
        rollouts.add(key.rollout());
        evidence.touch(key, Stratum.ALL).tally().add(measure, bucket, 1);
    }

    /// Moves what the pools hold into evidence and windows.
    private void settle() {
        for (Group group : groups.values()) {
            group.pools().forEach((minute, pool) -> settle(group, minute, pool));
            group.empty();
        }
        if (groups.values().removeIf(group -> group.idleFlushes() > IDLE_FLUSHES)) {
            Arrays.fill(recent, null);
        }
    }

    private void settle(Group group, long minute, Pool pool) {
        Map<String, Tally> minutes = minute == Group.NO_WINDOW ? null : windows.slices(group.window(minute));
        if (group.isInRollout()) {
            rollouts.add(group.key().rollout());
        }
        for (int slice = 0; slice < pool.shares(); slice++) {
            Pool.Share share = pool.share(slice);
            if (!share.isUsed()) {
                continue;
            }
            String name = group.sliceName(slice);
            if (minutes != null) {
                pour(pool, share, minutes.computeIfAbsent(name, fresh -> new Tally()), true);
            }
            if (group.isInRollout()) {
                Evidence.Row row = evidence.touch(group.key(), name);
                row.observedAt(share.lastAppendMs());
                pour(pool, share, row.tally(), false);
            }
        }
    }

    private void pour(Pool pool, Pool.Share share, Tally into, boolean isWindow) {
        Counts[] targets = new Counts[measures.size()];
        for (int slot = 0; slot < pool.slots(); slot++) {
            long amount = share.amount(slot);
            int measure = pool.measure(slot);
            if (amount == 0 || !isWindow && measures.isWindowOnly(measure)) {
                continue;
            }
            Counts counts = targets[measure];
            if (counts == null) {
                counts = into.of(measures.name(measure));
                targets[measure] = counts;
            }
            int bucket = pool.bucket(slot);
            counts.add(isOneTooMany(measure, bucket, counts) ? OTHER_LABEL : bucket, amount);
        }
    }

    private boolean isOneTooMany(int measure, int bucket, Counts counts) {
        return counts.size() >= MOST_LABELS
                && measures.name(measure).startsWith(Measures.PAIR_LABELS)
                && !counts.holds(bucket);
    }

    public BookChanges changes() {
        settle();
        return new BookChanges(
                evidence.dirty(), windows.fresh(), counters.dirty(), Set.copyOf(rollouts), disagreements.fresh());
    }

    /// The changes are durable.
    public void written() {
        evidence.written();
        windows.written();
        disagreements.written();
        counters.written();
        rollouts.clear();
    }

    public boolean isDirty() {
        return evidence.isDirty() || counters.isDirty() || windows.isDirty() || hasPools();
    }

    private boolean hasPools() {
        for (Group group : groups.values()) {
            if (!group.pools().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /// Bytes of sampled disagreements that wait to be written.
    public long sampledBytes() {
        return disagreements.freshBytes();
    }

    /// What was added to each counter since the last [#written()].
    public Map<String, Long> counted() {
        return counters.added();
    }

    /// Rows of evidence in memory.
    public int held() {
        return evidence.held();
    }

    public void restore(String counter, long amount) {
        counters.restore(counter, amount);
    }
}
