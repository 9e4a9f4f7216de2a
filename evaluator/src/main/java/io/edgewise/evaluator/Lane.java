// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.Fault;
import io.edgewise.contracts.ObservationFaults;
import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// All that is known of one partition, and the fold of its records into it.
///
/// The state is a function of the records from the log's beginning to `nextOffset`. What changed since the last
/// {@link #written()} is at hand for the transaction that stores it with the offset; a lane whose transaction failed is
/// thrown away and loaded again. Not safe for concurrent use.
public final class Lane {
    private final LaneId id;
    private final EvaluatorPolicy policy;
    private final Intake intake;
    private final Slices slices;
    private final FeedbackTokens tokens;

    private final Marks marks = new Marks();
    private final Evidence evidence = new Evidence();
    private final Windows windows = new Windows();
    private final Devices devices = new Devices(this::closed);
    private final Counters counters = new Counters();
    private final List<Rejected> rejected = new ArrayList<>();
    private final Set<String> rollouts = new TreeSet<>();

    private final ObservationCounts observationCounts = new ObservationCounts();
    private final FeedbackCounts feedbackCounts = new FeedbackCounts();
    private final Reading reading = new Reading();

    private long nextOffset;
    private long lastAppendMs;
    private long watermarkMs;
    private boolean dirty;

    /// `partitions` is how many the topic has; `nextOffset` and `lastAppendMs` are as stored.
    public Lane(LaneId id, int partitions, LaneTools tools, long nextOffset, long lastAppendMs) {
        this.id = id;
        this.policy = tools.policy();
        this.intake = new Intake(id, partitions);
        this.slices = tools.slices();
        this.tokens = tools.tokens();
        this.nextOffset = nextOffset;
        this.lastAppendMs = lastAppendMs;
        this.watermarkMs = lastAppendMs;
    }

    public LaneId id() {
        return id;
    }

    /// Folds one record in.
    public void accept(Inbound record) {
        arrive(record);
        switch (id.inlet()) {
            case OBSERVATIONS -> {
                switch (intake.observation(record)) {
                    case Intake.Bad<Observation> bad -> reject(record, bad.faults(), bad.identity());
                    case Intake.Good<Observation> good -> observation(record, good.message(), good.identity());
                }
            }
            case FEEDBACK -> {
                switch (intake.feedback(record)) {
                    case Intake.Bad<Feedback> bad -> reject(record, bad.faults(), bad.identity());
                    case Intake.Good<Feedback> good -> feedback(record, good.message(), good.identity());
                }
            }
        }
    }

    /// Refuses a record that this program failed to fold: it must not hold up the ones behind it.
    public void refuse(Inbound record, String why) {
        arrive(record);
        reject(record, List.of(new Fault("internal", "", why)), intake.sender(record));
    }

    /// The log is read to its end, and no record appended before this time can follow.
    public void idleUntil(long appendMs) {
        advance(appendMs);
    }

    private void arrive(Inbound record) {
        nextOffset = record.offset() + 1;
        dirty = true;
        lastAppendMs = Math.max(lastAppendMs, record.appendTimeMs());
        advance(lastAppendMs);
    }

    private void advance(long appendMs) {
        if (appendMs > watermarkMs) {
            watermarkMs = appendMs;
            if (devices.expire(appendMs)) {
                dirty = true;
            }
        }
    }

    private void observation(Inbound record, Observation observation, Identity identity) {
        DeviceMark mark = marks.touch(identity);
        mark.reaches(observation.getTotals().getLastSeq());
        if (observation.getKind() == ObservationKind.OBSERVATION_KIND_DROPS) {
            duplicateUnless(mark.drop(observation.getDroppedList(), identity.seq()));
            return;
        }
        if (mark.covers(identity.seq())) {
            duplicateUnless(mark.offer(identity.seq(), DeviceMark.Fate.COUNTED));
            return;
        }
        if (record.appendTimeMs() - observation.getEventTimeMs() > policy.latenessMs()) {
            mark.offer(identity.seq(), DeviceMark.Fate.LATE);
            counters.add(Counters.LATE, 1);
            return;
        }
        if (!ObservationFaults.isTraffic(observation)) {
            mark.offer(identity.seq(), DeviceMark.Fate.COUNTED);
            counters.add(observation.getContext().getEmulated() ? Counters.EMULATED : Counters.HOLDOUT, 1);
            return;
        }
        observationCounts.read(observation, reading);
        if (!reading.isCostPossible()) {
            Fault fault = new Fault(
                    "range", "cost", "a request costs at most " + Reading.HIGHEST_COST + " nano-units of its currency");
            reject(record, List.of(fault), Optional.of(identity));
            return;
        }
        mark.offer(identity.seq(), DeviceMark.Fate.COUNTED);
        count(record, observation);
    }

    private void count(Inbound record, Observation observation) {
        boolean inRollout = !observation.getRollout().isEmpty();
        long eventMs = Math.min(observation.getEventTimeMs(), record.appendTimeMs());
        WindowKey window = new WindowKey(
                observation.getTenant(),
                observation.getWorkload(),
                observation.getRollout(),
                Math.floorDiv(eventMs, WindowKey.MINUTE_MS),
                inRollout ? observation.getStage() : 0,
                inRollout ? observation.getCohort() : Cohort.COHORT_UNSPECIFIED,
                Stratum.ALL);
        Slices.Names names = slices.of(
                observation.getTenant(),
                observation.getRollout(),
                observation.getSlicesMap(),
                observation.getContext().getDeviceClass());
        note(names);
        Map<String, Cell> into = windows.slices(window);
        for (String slice : names.names()) {
            Cell cell = Windows.touch(into, slice);
            cell.add(reading.shared());
            cell.add(reading.windowOnly());
        }
        if (inRollout) {
            Stratum stratum = new Stratum(
                    observation.getStage(),
                    observation.getCohort(),
                    observation.getPairingRateBp(),
                    observation.getEscalated(),
                    Stratum.ALL);
            EvidenceKey key = new EvidenceKey(
                    observation.getTenant(), observation.getWorkload(), observation.getRollout(), stratum);
            evidence(key, names).forEach(row -> row.observedAt(record.appendTimeMs()));
            DeviceKey device = new DeviceKey(
                    observation.getTenant(),
                    observation.getWorkload(),
                    observation.getRollout(),
                    observation.getDevice());
            if (devices.see(device, stratum)) {
                evidence.touch(key).cell().add(Measures.DEVICES, 0, 1);
            }
            devices.step(device, stratum, reading, record.appendTimeMs());
        }
    }

    private void feedback(Inbound record, Feedback feedback, Identity identity) {
        DeviceMark mark = marks.touch(identity);
        if (feedback.getDroppedCount() > 0) {
            duplicateUnless(mark.drop(feedback.getDroppedList(), identity.seq()));
            return;
        }
        if (mark.covers(identity.seq())) {
            duplicateUnless(mark.offer(identity.seq(), DeviceMark.Fate.COUNTED));
            return;
        }
        if (record.appendTimeMs() - feedback.getGivenAtMs() > policy.latenessMs()) {
            mark.offer(identity.seq(), DeviceMark.Fate.LATE);
            counters.add(Counters.LATE, 1);
            return;
        }
        switch (tokens.open(feedback, record.appendTimeMs())) {
            case FeedbackTokens.Refused refused -> reject(record, List.of(refused.fault()), Optional.of(identity));
            case FeedbackTokens.Context opened -> {
                mark.offer(identity.seq(), DeviceMark.Fate.COUNTED);
                feedbackCounts.read(feedback, opened.context(), reading);
                count(record, feedback, opened.context());
            }
        }
    }

    /// Truth counts in the window of its answer, as long as that may still be revised, and in the evidence of now.
    private void count(Inbound record, Feedback feedback, FeedbackContext context) {
        boolean inRollout = !context.getRollout().isEmpty();
        Slices.Names names = slices.of(context.getTenant(), context.getRollout(), context.getSlicesMap(), null);
        note(names);
        long answeredMs = context.getMinute() * WindowKey.MINUTE_MS;
        if (record.appendTimeMs() - answeredMs <= policy.latenessMs()) {
            WindowKey window = new WindowKey(
                    context.getTenant(),
                    context.getWorkload(),
                    context.getRollout(),
                    context.getMinute(),
                    inRollout ? context.getStage() : 0,
                    inRollout ? context.getCohort() : Cohort.COHORT_UNSPECIFIED,
                    Stratum.ALL);
            Map<String, Cell> into = windows.slices(window);
            names.names().forEach(slice -> Windows.touch(into, slice).add(reading.shared()));
        }
        if (inRollout) {
            Stratum stratum = new Stratum(
                    context.getStage(),
                    context.getCohort(),
                    context.getPairingRateBp(),
                    context.getEscalated(),
                    Stratum.ALL);
            evidence(new EvidenceKey(context.getTenant(), context.getWorkload(), context.getRollout(), stratum), names);
            // A device's own feedback arrives in one partition, in order; only so can its block count once.
            if (feedback.getSource().equals(context.getDevice())) {
                devices.step(
                        new DeviceKey(
                                context.getTenant(), context.getWorkload(), context.getRollout(), context.getDevice()),
                        stratum,
                        reading,
                        record.appendTimeMs());
            }
        }
    }

    private void note(Slices.Names names) {
        counters.add(Counters.SLICE_OTHER, names.others());
        counters.add(Counters.SLICE_DROPPED, names.dropped());
    }

    private List<Evidence.Row> evidence(EvidenceKey key, Slices.Names names) {
        rollouts.add(key.rollout());
        Map<String, Evidence.Row> into = evidence.slices(key);
        List<Evidence.Row> rows = new ArrayList<>(names.names().size());
        for (String slice : names.names()) {
            Evidence.Row row = evidence.touch(key, into, slice);
            row.cell().add(reading.shared());
            rows.add(row);
        }
        return rows;
    }

    private void closed(DeviceKey device, Stratum stratum, BlockKind kind, int n, int k) {
        rollouts.add(device.rollout());
        evidence.touch(new EvidenceKey(device.tenant(), device.workload(), device.rollout(), stratum))
                .cell()
                .add(kind.measure(), Measures.block(n, k), 1);
    }

    private void duplicateUnless(boolean fresh) {
        if (!fresh) {
            counters.add(Counters.DUPLICATES, 1);
        }
    }

    /// A sender's refused record is accounted for in its mark, when it is certain whose it is.
    private void reject(Inbound record, List<Fault> faults, Optional<Identity> identity) {
        if (identity.isPresent()
                && !marks.touch(identity.get()).offer(identity.get().seq(), DeviceMark.Fate.REJECTED)) {
            counters.add(Counters.DUPLICATES, 1);
            return;
        }
        counters.add(Counters.DEAD_LETTERS, 1);
        Set<String> codes = new LinkedHashSet<>();
        faults.forEach(fault -> codes.add(fault.code()));
        codes.forEach(code -> counters.add(Counters.DEAD_LETTER + code, 1));
        rejected.add(Rejected.of(id, record, faults));
    }

    public Changes changes() {
        return new Changes(
                nextOffset,
                lastAppendMs,
                marks.dirty(),
                devices.dirty(),
                evidence.dirty(),
                windows.fresh(),
                counters.dirty(),
                Set.copyOf(rollouts));
    }

    public boolean isDirty() {
        return dirty;
    }

    public List<Rejected> rejected() {
        return List.copyOf(rejected);
    }

    public long nextOffset() {
        return nextOffset;
    }

    /// The changes are durable.
    public void written() {
        marks.written();
        devices.written();
        evidence.written();
        windows.written();
        counters.written();
        rejected.clear();
        rollouts.clear();
        dirty = false;
    }

    /// Minutes whose windows have had their grace, are in parts still and were not folded a moment ago.
    public List<Long> foldable(long nowMs) {
        return windows.unfoldedBefore(Math.floorDiv(watermarkMs - policy.graceMs(), WindowKey.MINUTE_MS), nowMs);
    }

    /// Whether anything will happen here by the passing of time alone.
    public boolean isWaitingForTime() {
        return windows.hasUnfolded() || devices.hasOpenBlocks();
    }

    public void folded(List<Long> minutes, long nowMs) {
        windows.folded(minutes, nowMs);
    }

    public void restore(MarkKey key, DeviceMark mark) {
        marks.restore(key, mark);
    }

    public void restore(DeviceKey key, DeviceBlocks blocks) {
        devices.restore(key, blocks);
    }

    /// `lastAppendMs` is as stored: when the stratum's last observation was appended.
    public void restore(EvidenceKey key, Tally total, long lastAppendMs) {
        evidence.restore(key, total, lastAppendMs);
    }

    public void restore(String counter, long amount) {
        counters.restore(counter, amount);
    }

    public void restoreUnfolded(long minute) {
        windows.restoreUnfolded(minute);
    }
}
