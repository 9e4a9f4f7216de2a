// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.Fault;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.evaluator.wire.Request;
import io.edgewise.evaluator.wire.WireReader;
import io.edgewise.evaluator.wire.Word;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// All that is known of one partition, and the fold of its records into it and into the evaluator's book.
///
/// The state is a function of the records from the log's beginning to `nextOffset`. What changed since the last
/// {@link #written()} is at hand for the transaction that stores it with the offset and the book; when that
/// transaction fails, book and lanes are thrown away and loaded again. Not safe for concurrent use.
public final class Lane {
    private final LaneId id;
    private final EvaluatorPolicy policy;
    private final Book book;
    private final Intake intake;
    private final LaneTools tools;

    private final Senders senders = new Senders();
    private final Devices devices;
    private final List<Rejected> rejected = new ArrayList<>();

    private final ObservationCounts observationCounts;
    private final FeedbackCounts feedbackCounts;
    private final Request request = new Request();
    private final Reading reading = new Reading();
    private int[] places = new int[64];

    private long nextOffset;
    private long storedOffset;
    private long lastAppendMs;
    private long watermarkMs;
    private boolean dirty;
    private long logBytes;

    /// `partitions` is how many the topic has; `nextOffset` and `lastAppendMs` are as stored.
    public Lane(LaneId id, int partitions, LaneTools tools, Book book, Claimed from) {
        this.id = id;
        this.policy = tools.policy();
        this.tools = tools;
        this.book = book;
        this.intake = new Intake(id, partitions, senders, new WireReader(tools.words()));
        this.devices = new Devices(book::closed);
        this.observationCounts = new ObservationCounts(tools.measures());
        this.feedbackCounts = new FeedbackCounts(tools.measures());
        this.nextOffset = from.nextOffset();
        this.storedOffset = from.nextOffset();
        this.lastAppendMs = from.lastAppendMs();
        this.watermarkMs = from.lastAppendMs();
    }

    /// A record that says to be from so much later than it arrived is counted now, and as one of a wrong clock.
    private static final long CLOCK_AHEAD_MS = 5_000;

    /// Where a lane goes on.
    public record Claimed(long nextOffset, long lastAppendMs) {}

    public LaneId id() {
        return id;
    }

    /// Folds one record in.
    public void accept(Inbound record) {
        arrive(record);
        Intake.Found found = switch (id.inlet()) {
            case OBSERVATIONS -> intake.observation(record, request);
            case FEEDBACK -> intake.feedback(record);
        };
        switch (found) {
            case Intake.Requested(Sender sender) -> request(record, sender);
            case Intake.Dropped dropped -> dropped(dropped);
            case Intake.Answered(Feedback feedback, Sender sender) -> feedback(record, feedback, sender);
            case Intake.Bad bad -> reject(record, bad.faults(), bad.identity());
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
            dirty |= devices.expire(appendMs);
        }
    }

    private void dropped(Intake.Dropped dropped) {
        DeviceMark mark = senders.touch(dropped.sender(), dropped.drops().getSpoolEpoch());
        mark.reaches(dropped.drops().getTotals().getLastSeq());
        duplicateUnless(
                mark.drop(dropped.drops().getDroppedList(), dropped.drops().getSeq()));
    }

    private void request(Inbound record, Sender sender) {
        DeviceMark mark = senders.touch(sender, request.epoch());
        boolean isFirst = mark.isUnused();
        mark.reaches(request.lastSeq());
        long seq = request.seq();
        if (mark.covers(seq)) {
            duplicateUnless(mark.offer(seq, DeviceMark.Fate.COUNTED));
            return;
        }
        if (sender.returnsTo(request.epoch(), isFirst)) {
            book.counters().add(Counters.CLONE_SUSPECTED, 1);
        }
        if (request.eventTimeMs() - record.appendTimeMs() > CLOCK_AHEAD_MS) {
            book.counters().add(Counters.CLOCK_AHEAD, 1);
        }
        if (record.appendTimeMs() - request.eventTimeMs() > policy.latenessMs()) {
            mark.offer(seq, DeviceMark.Fate.LATE);
            book.counters().add(Counters.LATE, 1);
            return;
        }
        if (!request.isTraffic()) {
            mark.offer(seq, DeviceMark.Fate.COUNTED);
            byte[] value = record.valueBytes();
            if (request.isEmulated() || value == null) {
                book.counters().add(Counters.EMULATED, 1);
            } else {
                book.holdout(value);
            }
            return;
        }
        observationCounts.read(request, record.appendTimeMs(), reading);
        if (!reading.isCostPossible()) {
            Fault fault = new Fault(
                    "range", "cost", "a request costs at most " + Reading.HIGHEST_COST + " nano-units of its currency");
            reject(
                    record,
                    List.of(fault),
                    Optional.of(new Identity(
                            request.tenant().text(), request.device().text(), request.epoch(), seq)));
            return;
        }
        mark.offer(seq, DeviceMark.Fate.COUNTED);
        count(record, sender);
    }

    private void count(Inbound record, Sender sender) {
        Group group = book.group(request);
        book.doubts(request);
        long eventMs = Math.min(request.eventTimeMs(), record.appendTimeMs());
        int count = 0;
        places[count++] = 0;
        for (int i = 0; i < request.slices(); i++) {
            Word name = request.sliceName(i);
            if (!name.text().equals(Slices.DEVICE_CLASS)) {
                count = place(group.place(name, request.sliceValue(i), tools.slices()), count);
            }
        }
        count = place(group.place(tools.deviceClass(), request.deviceClass(), tools.slices()), count);
        long minute = Math.floorDiv(eventMs, WindowKey.MINUTE_MS);
        group.pool(minute).add(reading.counts(), places, count, record.appendTimeMs());
        byte[] value = record.valueBytes();
        if (reading.disagrees() && value != null) {
            book.disagreement(group, minute, tools.lottery().chance(request), value);
        }
        if (group.isInRollout()) {
            Sender.Blocks blocks =
                    sender.blocks(group.key().workload(), group.key().rollout());
            if (devices.see(blocks, group.stratum())) {
                book.device(group);
            }
            book.opened(group, devices.step(blocks, group.stratum(), reading, record.appendTimeMs()), reading);
        }
    }

    /// Notes where else a record counts; returns how many places there are now.
    private int place(Group.Place place, int count) {
        if (place.isDropped()) {
            book.counters().add(Counters.SLICE_DROPPED, 1);
            return count;
        }
        if (place.slice() < 0) {
            return count;
        }
        if (place.isOther()) {
            book.counters().add(Counters.SLICE_OTHER, 1);
        }
        places[count] = place.slice();
        return count + 1;
    }

    private void feedback(Inbound record, Feedback feedback, Sender sender) {
        DeviceMark mark = senders.touch(sender, feedback.getSourceEpoch());
        long seq = feedback.getSeq();
        if (feedback.getDroppedCount() > 0) {
            duplicateUnless(mark.drop(feedback.getDroppedList(), seq));
            return;
        }
        if (mark.covers(seq)) {
            duplicateUnless(mark.offer(seq, DeviceMark.Fate.COUNTED));
            return;
        }
        if (record.appendTimeMs() - feedback.getGivenAtMs() > policy.latenessMs()) {
            mark.offer(seq, DeviceMark.Fate.LATE);
            book.counters().add(Counters.LATE, 1);
            return;
        }
        switch (tools.tokens().open(feedback, record.appendTimeMs())) {
            case FeedbackTokens.Refused refused ->
                reject(
                        record,
                        List.of(refused.fault()),
                        Optional.of(new Identity(
                                feedback.getTenant(), feedback.getSource(), feedback.getSourceEpoch(), seq)));
            case FeedbackTokens.Context opened -> {
                mark.offer(seq, DeviceMark.Fate.COUNTED);
                feedbackCounts.read(feedback, opened.context(), reading);
                count(record, feedback, opened.context(), sender);
            }
        }
    }

    /// Truth counts in the window of its answer, as long as that may still be revised, and in the evidence of now.
    private void count(Inbound record, Feedback feedback, FeedbackContext context, Sender sender) {
        boolean inRollout = !context.getRollout().isEmpty();
        Group group = book.group(
                tools.words().of(context.getTenant()),
                tools.words().of(context.getWorkload()),
                tools.words().of(context.getRollout()),
                inRollout ? context.getStage() : 0,
                inRollout ? context.getCohort().getNumber() : 0,
                inRollout ? context.getPairingRateBp() : 0,
                inRollout && context.getEscalated());
        int count = 0;
        places[count++] = 0;
        for (Map.Entry<String, String> slice : context.getSlicesMap().entrySet()) {
            count = place(
                    group.place(tools.words().of(slice.getKey()), tools.words().of(slice.getValue()), tools.slices()),
                    count);
        }
        boolean isRevisable = record.appendTimeMs() - context.getMinute() * WindowKey.MINUTE_MS <= policy.latenessMs();
        group.pool(isRevisable ? context.getMinute() : Group.NO_WINDOW).add(reading.counts(), places, count, 0);
        // A device's own feedback arrives in one partition, in order; only so can its block count once.
        if (inRollout && feedback.getSource().equals(context.getDevice())) {
            Sender.Blocks blocks = sender.blocks(context.getWorkload(), context.getRollout());
            book.opened(group, devices.step(blocks, group.stratum(), reading, record.appendTimeMs()), reading);
        }
    }

    private void duplicateUnless(boolean fresh) {
        if (!fresh) {
            book.counters().add(Counters.DUPLICATES, 1);
        }
    }

    /// A sender's refused record is accounted for in its mark, when it is certain whose it is.
    private void reject(Inbound record, List<Fault> faults, Optional<Identity> identity) {
        if (identity.isPresent()
                && !senders.touch(identity.get()).offer(identity.get().seq(), DeviceMark.Fate.REJECTED)) {
            book.counters().add(Counters.DUPLICATES, 1);
            return;
        }
        book.counters().add(Counters.DEAD_LETTERS, 1);
        Set<String> codes = new LinkedHashSet<>();
        faults.forEach(fault -> codes.add(fault.code()));
        codes.forEach(code -> book.counters().add(Counters.DEAD_LETTER + code, 1));
        rejected.add(Rejected.of(id, record, faults));
    }

    public LaneChanges changes() {
        byte[] log = DeviceLog.encode(senders.dirty(), devices.dirty());
        return new LaneChanges(storedOffset, nextOffset, lastAppendMs, log, senders.totals());
    }

    public boolean isDirty() {
        return dirty;
    }

    /// What the log holds and its own rows do not, to be stored there. Of a lane without unwritten changes only.
    public DeviceRows rows() {
        if (dirty) {
            throw new IllegalStateException("lane " + id + " has changes that are not written yet");
        }
        return DeviceRows.of(senders.logged(), devices.logged());
    }

    /// Spools and blocks that wait for [#rows()].
    public int waitingRows() {
        return senders.logged().size() + devices.logged().size();
    }

    /// Bytes of the log that [#rows()] would make superfluous.
    public long logBytes() {
        return logBytes;
    }

    /// The log holds this part now.
    public void logged(long bytes) {
        logBytes += bytes;
    }

    /// The rows are durable, or on their way there, and the log is empty.
    public void rowsWritten() {
        senders.logged().clear();
        devices.logged().clear();
        logBytes = 0;
    }

    public List<Rejected> rejected() {
        return List.copyOf(rejected);
    }

    public int rejections() {
        return rejected.size();
    }

    public long nextOffset() {
        return nextOffset;
    }

    /// Where it goes on by what is durable, or on its way there.
    public long storedOffset() {
        return storedOffset;
    }

    /// The accounts of all its spools.
    public LaneTotals totals() {
        return senders.totals();
    }

    /// Senders in memory.
    public int senders() {
        return senders.held();
    }

    /// All records appended up to this time are in here.
    public long watermarkMs() {
        return watermarkMs;
    }

    /// The changes are durable, or on their way there: the lane must not be used any more when they do not arrive.
    public void written() {
        storedOffset = nextOffset;
        senders.written();
        devices.written();
        rejected.clear();
        dirty = false;
    }

    /// Whether anything will happen here by the passing of time alone.
    public boolean isWaitingForTime() {
        return devices.hasOpenBlocks();
    }

    public void restore(MarkKey key, DeviceMark mark) {
        senders.restore(key, mark);
    }

    public void restore(DeviceKey key, DeviceBlocks blocks) {
        add(key, blocks);
    }

    /// A part of the log, oldest first, after all rows.
    public void restoreLog(byte[] part) {
        DeviceLog.replay(part, this);
        logBytes += part.length;
    }

    void restoreLogged(MarkKey key, DeviceMark mark) {
        senders.restoreLogged(key, mark);
    }

    void restoreLogged(DeviceKey key, DeviceBlocks blocks) {
        devices.logged().add(add(key, blocks));
    }

    private Sender.Blocks add(DeviceKey key, DeviceBlocks blocks) {
        Sender.Blocks of = senders.blocks(key);
        devices.restore(of, blocks);
        return of;
    }
}
