// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.evaluator.wire.Answer;
import io.edgewise.evaluator.wire.Request;
import io.edgewise.evaluator.wire.Word;
import io.edgewise.statistics.calibration.Reliability;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What one evaluator counts over all partitions it holds: parts of evidence and windows, samples, and counters.
///
/// A book holds only what was added since the last flush; what is stored is a sum that others add up. It is shared by
/// an instance's lanes and stored in the same transaction as their offsets. When that transaction fails, the book and
/// all lanes are thrown away together: part of what is in here came from each. Not safe for concurrent use.
public final class Book {
    static final int IDLE_FLUSHES = 240;
    private static final int CACHED = 256;

    private record GroupKey(
            String tenant,
            String workload,
            String rollout,
            int stage,
            int cohort,
            int pairingRateBp,
            boolean escalated) {}

    private final PoolEncoder encoder = new PoolEncoder();
    private final MeasureTable measures;
    private final Disagreements disagreements;
    private final Counters counters = new Counters();
    private final HoldoutAnswers holdouts = new HoldoutAnswers();
    /// What is said of devices: evidence of the slice "all", and in no window.
    private Map<EvidenceKey, Tally> ofDevices = new LinkedHashMap<>();

    private final Map<GroupKey, Group> groups = new HashMap<>();
    private final @Nullable Group[] recent = new Group[CACHED];

    public Book(LaneTools tools) {
        this.measures = tools.measures();
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

    /// Answers that are counted, though not all that they say of themselves can be true.
    void doubts(Request request) {
        for (int i = 0; i < request.arms(); i++) {
            Answer arm = request.arm(i);
            if (arm.hasConfidence() && arm.confidence() > 1) {
                counters.add(Counters.CONFIDENCE_ABOVE_ONE, 1);
            }
            if (arm.isUnnormalised()) {
                counters.add(Counters.PROBS_UNNORMALISED, 1);
            }
        }
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
            Tally tally = ofDevices(group.key());
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

    /// One question of a reference set was answered.
    void holdout(byte[] record) {
        counters.add(Counters.HOLDOUT, 1);
        holdouts.add(record);
    }

    /// A device block closed.
    void closed(DeviceKey device, Stratum stratum, BlockKind kind, int n, int k) {
        add(
                new EvidenceKey(device.tenant(), device.workload(), device.rollout(), stratum),
                kind.measure(),
                Measures.block(n, k));
    }

    private void add(EvidenceKey key, String measure, int bucket) {
        ofDevices(key).add(measure, bucket, 1);
    }

    private Tally ofDevices(EvidenceKey key) {
        return ofDevices.computeIfAbsent(key, unseen -> new Tally());
    }

    /// What there is to store. Parts are encoded when they are asked for: until something is added to the book; or,
    /// when it is [#written()] first, until the next time that it is, and by any one thread.
    public BookChanges changes() {
        Set<String> rollouts = new TreeSet<>();
        groups.values().stream()
                .filter(group -> !group.isEmpty())
                .forEach(group -> rollouts.add(group.key().rollout()));
        ofDevices.keySet().forEach(key -> rollouts.add(key.rollout()));
        rollouts.remove("");
        List<Group.Filled> filled =
                groups.values().stream().flatMap(Group::filled).toList();
        MeasureTable.Names names = measures.names();
        Map<EvidenceKey, Tally> devices = ofDevices;
        return new BookChanges(
                () -> Stream.concat(filled.stream().map(each -> encoder.part(each, names)), parts(devices))
                        .iterator(),
                counters.dirty(),
                rollouts,
                disagreements.fresh(),
                holdouts.fresh());
    }

    private static Stream<BookChanges.Part> parts(Map<EvidenceKey, Tally> devices) {
        return devices.entrySet().stream()
                .map(each -> new BookChanges.Part(
                        each.getKey(),
                        OptionalLong.empty(),
                        List.of(new BookChanges.Slice(
                                Stratum.ALL, each.getValue().encode(), BookChanges.NOTHING, 0))));
    }

    /// The changes are durable, or on their way there: the book holds what is added from now on. It must not be used
    /// any more when they do not arrive.
    public void written() {
        groups.values().forEach(Group::handOver);
        if (groups.values().removeIf(group -> group.idleFlushes() > IDLE_FLUSHES)) {
            Arrays.fill(recent, null);
        }
        ofDevices = new LinkedHashMap<>();
        disagreements.written();
        counters.written();
        holdouts.written();
    }

    public boolean isDirty() {
        return !ofDevices.isEmpty() || counters.isDirty() || !holdouts.isEmpty() || hasPools();
    }

    private boolean hasPools() {
        for (Group group : groups.values()) {
            if (!group.isEmpty()) {
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

    /// Strata and traffic outside rollouts that records came for lately.
    public int groups() {
        return groups.size();
    }

    public void restore(String counter, long amount) {
        counters.restore(counter, amount);
    }
}
