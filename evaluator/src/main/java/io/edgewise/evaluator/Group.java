// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.evaluator.wire.Word;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The records of one stratum of one rollout (or of a workload's traffic outside any): their slices, and what they add
/// since the last flush.
final class Group {
    /// For what belongs to no window any more: evidence only.
    static final long NO_WINDOW = Long.MIN_VALUE;

    private static final int SLOTS = 1024;
    private static final int MOST_KNOWN = SLOTS / 2;

    /// What a record of an attribute's value counts in.
    record Place(int slice, boolean isOther, boolean isDropped) {
        static final Place NONE = new Place(-1, false, false);
        static final Place DROPPED = new Place(-1, false, true);
    }

    private final EvidenceKey key;
    private final List<String> slices = new ArrayList<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<Long, Pool> pools = new HashMap<>();

    private @Nullable Word[] names = new Word[SLOTS];
    private @Nullable Word[] values = new Word[SLOTS];
    private @Nullable Place[] places = new Place[SLOTS];
    private int known;

    private long lastMinute;
    private @Nullable Pool lastPool;
    private @Nullable Pool spare;
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
        Pool pool = spare == null ? new Pool(slices.size()) : spare;
        spare = null;
        return pool;
    }

    Map<Long, Pool> pools() {
        return pools;
    }

    /// What the pools hold is stored.
    void empty() {
        idleFlushes = pools.isEmpty() ? idleFlushes + 1 : 0;
        Pool pool = lastPool;
        spare = pool != null && pool.empty() ? pool : null;
        pools.clear();
        lastPool = null;
    }

    /// For how many flushes nothing came.
    long idleFlushes() {
        return idleFlushes;
    }

    String sliceName(int number) {
        return slices.get(number);
    }

    int slice(String name) {
        Integer number = numbers.get(name);
        if (number == null) {
            number = slices.size();
            slices.add(name);
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
