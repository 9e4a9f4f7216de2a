// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.evaluator.wire.Word;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The records of one stratum of one rollout (or of a workload's traffic outside any): their slices, and what they add
/// since the last flush.
final class Group {
    /// For what belongs to no window any more: evidence only.
    static final long NO_WINDOW = Long.MIN_VALUE;

    /// What one minute's records added, ready to be stored.
    @SuppressWarnings("ArrayRecordComponent") // by number; never changed
    record Filled(EvidenceKey key, String[] slices, long minute, Pool pool) {}

    private static final int SLOTS = 1024;
    private static final int MOST_KNOWN = SLOTS / 2;

    /// What a record of an attribute's value counts in.
    record Place(int slice, boolean isOther, boolean isDropped) {
        static final Place NONE = new Place(-1, false, false);
        static final Place DROPPED = new Place(-1, false, true);
    }

    private final EvidenceKey key;
    /// By number. A longer array takes its place when a slice is added: who holds this one may read it at leisure.
    private String[] slices = {};
    private final Map<String, Integer> numbers = new HashMap<>();
    private Map<Long, Pool> pools = new HashMap<>();

    private @Nullable Word[] names = new Word[SLOTS];
    private @Nullable Word[] values = new Word[SLOTS];
    private @Nullable Place[] places = new Place[SLOTS];
    private int known;

    private long lastMinute;
    private @Nullable Pool lastPool;
    private @Nullable Pool spare;
    /// Was filled before the last flush, which may still be reading it.
    private @Nullable Pool leaving;
    private long idleFlushes;

    /// `key` is the one of the slice "all".
    Group(EvidenceKey key) {
        this.key = key;
        slice(Stratum.ALL);
    }

    EvidenceKey key() {
        return key;
    }

    Stratum stratum() {
        return key.stratum();
    }

    boolean isInRollout() {
        return !key.rollout().isEmpty();
    }

    boolean is(
            Word tenant, Word workload, Word rollout, int stage, int cohort, int pairingRateBp, boolean isEscalated) {
        Stratum mine = key.stratum();
        return mine.stage() == stage
                && mine.cohort().getNumber() == cohort
                && mine.pairingRateBp() == pairingRateBp
                && mine.escalated() == isEscalated
                && key.rollout().equals(rollout.text())
                && key.workload().equals(workload.text())
                && key.tenant().equals(tenant.text());
    }

    /// The key of a minute's window.
    WindowKey window(long minute) {
        boolean inRollout = isInRollout();
        return new WindowKey(
                key.tenant(),
                key.workload(),
                key.rollout(),
                minute,
                inRollout ? stratum().stage() : 0,
                inRollout ? stratum().cohort() : Cohort.COHORT_UNSPECIFIED,
                Stratum.ALL);
    }

    Pool pool(long minute) {
        Pool pool = lastPool;
        if (pool == null || lastMinute != minute) {
            pool = pools.computeIfAbsent(minute, fresh -> take());
            lastPool = pool;
            lastMinute = minute;
        }
        return pool;
    }

    private Pool take() {
        Pool pool = spare == null ? new Pool(slices.length) : spare;
        spare = null;
        return pool;
    }

    boolean isEmpty() {
        return pools.isEmpty();
    }

    Stream<Filled> filled() {
        String[] names = slices;
        return pools.entrySet().stream().map(each -> new Filled(key, names, each.getKey(), each.getValue()));
    }

    /// What the pools hold is being stored, and what they held the time before is.
    void handOver() {
        Pool back = leaving;
        spare = !pools.isEmpty() && back != null && back.empty() ? back : null;
        leaving = lastPool;
        lastPool = null;
        if (pools.isEmpty()) {
            idleFlushes++;
        } else {
            idleFlushes = 0;
            pools = new HashMap<>();
        }
    }

    /// For how many flushes nothing came.
    long idleFlushes() {
        return idleFlushes;
    }

    int slice(String name) {
        Integer number = numbers.get(name);
        if (number == null) {
            number = slices.length;
            slices = Arrays.copyOf(slices, number + 1);
            slices[number] = name;
            numbers.put(name, number);
        }
        return number;
    }

    /// Where records with this value of the attribute count.
    Place place(Word name, Word value, Slices admission) {
        int at = at(name, value);
        for (Word held = names[at]; held != null; held = names[at]) {
            Word itsValue = values[at];
            Place place = places[at];
            if (held.equals(name) && value.equals(itsValue) && place != null) {
                return place;
            }
            at = (at + 1) & (SLOTS - 1);
        }
        Place place = admission.place(key, name.text(), value.text(), this);
        if (++known > MOST_KNOWN) {
            names = new Word[SLOTS];
            values = new Word[SLOTS];
            places = new Place[SLOTS];
            known = 1;
            at = at(name, value);
        }
        names[at] = name;
        values[at] = value;
        places[at] = place;
        return place;
    }

    private static int at(Word name, Word value) {
        return ((31 * name.hashCode() + value.hashCode()) * 0x9E3779B9 >>> 20) & (SLOTS - 1);
    }
}
