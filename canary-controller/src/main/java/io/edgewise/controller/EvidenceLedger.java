// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Tally;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// All that the tests of a rollout know: a pure fold over its evidence blocks. Appending one by one gives the same
/// bits as folding the whole list.
public final class EvidenceLedger {
    private final Plan plan;
    private final long blocks;
    private final long lastCutAtMs;
    private final byte[] digest;
    private final SortedMap<Stratum, Tally> totals;
    private final Pools pools;
    private final List<Track> tracks;
    private final SortedMap<Integer, Champion> champion;

    private EvidenceLedger(
            Plan plan,
            EvidenceLedger.Head head,
            SortedMap<Stratum, Tally> totals,
            Pools pools,
            List<Track> tracks,
            SortedMap<Integer, Champion> champion) {
        this.plan = plan;
        this.blocks = head.blocks();
        this.lastCutAtMs = head.lastCutAtMs();
        this.digest = head.digest();
        this.totals = Collections.unmodifiableSortedMap(totals);
        this.pools = pools;
        this.tracks = tracks;
        this.champion = champion;
    }

    @SuppressWarnings("ArrayRecordComponent") // carries arguments only
    private record Head(long blocks, long lastCutAtMs, byte[] digest) {}

    public static EvidenceLedger empty(Plan plan) {
        return new EvidenceLedger(
                plan,
                new Head(0, 0, new byte[32]),
                new TreeMap<>(),
                Pools.EMPTY,
                plan.guardrails().stream()
                        .map(guardrail -> Track.start(guardrail, plan.terms()))
                        .toList(),
                new TreeMap<>());
    }

    public static EvidenceLedger of(Plan plan, List<EvidenceBlock> blocks) {
        EvidenceLedger ledger = empty(plan);
        for (EvidenceBlock block : blocks) {
            ledger = ledger.append(block);
        }
        return ledger;
    }

    public EvidenceLedger append(EvidenceBlock block) {
        if (block.number() != blocks + 1) {
            throw new IllegalArgumentException("evidence block " + block.number() + " cannot follow block " + blocks
                    + ": one is missing or there twice");
        }
        SortedMap<Stratum, Tally> after = new TreeMap<>(totals);
        block.increments().forEach((stratum, tally) -> after.merge(stratum, tally, Tally::plus));
        Pools increment = Pools.of(block.increments());
        SortedMap<Integer, Champion> asked = new TreeMap<>(champion);
        asked.putAll(Champion.of(block.increments()));
        return new EvidenceLedger(
                plan,
                new Head(block.number(), block.cutAtMs(), Hashing.sha256(digest, block.encode())),
                after,
                pools.plus(increment),
                tracks.stream()
                        .map(track -> track.append(pools, increment, block.number()))
                        .toList(),
                asked);
    }

    /// What the counters grew by since the last cut. Strata that did not grow are left out.
    ///
    /// @throws CountersWentBack when one is lower than what was counted before
    public SortedMap<Stratum, Tally> since(Map<Stratum, Tally> counters) {
        for (Stratum known : totals.keySet()) {
            if (!counters.containsKey(known)) {
                throw new CountersWentBack("the counters of " + known + " are gone, which were counted before");
            }
        }
        SortedMap<Stratum, Tally> grown = new TreeMap<>();
        counters.forEach((stratum, now) -> {
            Tally before = totals.get(stratum);
            Tally increment = before == null ? now.copy() : now.minus(before);
            for (String measure : increment.measures()) {
                requireGrowth(stratum, measure, increment.read(measure));
            }
            if (!increment.isEmpty()) {
                grown.put(stratum, increment);
            }
        });
        return grown;
    }

    private static void requireGrowth(Stratum stratum, String measure, Counts counts) {
        for (int bucket : counts.buckets()) {
            if (counts.get(bucket) < 0) {
                throw new CountersWentBack(
                        measure + "[" + bucket + "] of " + stratum + " went back by " + -counts.get(bucket));
            }
        }
    }

    public long blocks() {
        return blocks;
    }

    public long lastCutAtMs() {
        return lastCutAtMs;
    }

    /// Chained SHA-256 of all blocks.
    public String digest() {
        return Hashing.hex(digest);
    }

    public SortedMap<Stratum, Tally> totals() {
        return totals;
    }

    Pools pools() {
        return pools;
    }

    List<Track> tracks() {
        return tracks;
    }

    /// Of the newest block in which this stage asked the champion.
    Champion championLately(int stage) {
        return champion.getOrDefault(stage, Champion.UNASKED);
    }

    /// The bits of everything in it: equal for equal ledgers.
    public String fingerprint() {
        StringBuilder text =
                new StringBuilder(digest()).append(' ').append(blocks).append('\n');
        tracks.forEach(track -> track.fingerprint(text));
        return text.toString();
    }
}
