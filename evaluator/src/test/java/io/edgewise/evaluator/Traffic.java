// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.SeqRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// What a few senders send to one partition: in and out of order, twice, with gaps and drops, late and refused.
final class Traffic {
    private final SplittableRandom random;
    private final List<Observation> sent = new ArrayList<>();
    private final Map<MarkKey, Long> lastSeq = new HashMap<>();
    private long nowMs;
    private long offset;

    Traffic(SplittableRandom random, long nowMs) {
        this.random = random;
        this.nowMs = nowMs;
    }

    long nowMs() {
        return nowMs;
    }

    void pass(long ms) {
        nowMs += ms;
    }

    Inbound next() {
        nowMs += random.nextInt(1_000);
        Observation next;
        if (!sent.isEmpty() && random.nextInt(6) == 0) {
            next = sent.get(random.nextInt(sent.size()));
        } else {
            next = fresh();
            sent.add(next);
        }
        return Samples.inbound(offset++, nowMs, next);
    }

    private Observation fresh() {
        String device = "device-" + random.nextInt(5);
        long epoch = 1 + random.nextLong(2);
        MarkKey key = new MarkKey(Samples.TENANT, device, epoch);
        long gap = random.nextInt(10) == 0 ? random.nextLong(4) : 0;
        long seq = lastSeq.merge(key, 1 + gap, Long::sum);
        long ageMs = random.nextInt(12) == 0 ? 90_000_000L : random.nextLong(180_000);
        Observation.Builder next = Samples.pair(device, seq, nowMs - ageMs)
                .setSpoolEpoch(epoch)
                .setStage(random.nextInt(40) == 0 ? 1 : 0)
                .setComparison(Samples.agreement(random.nextInt(4) > 0));
        switch (random.nextInt(12)) {
            case 0 -> next.setArms(1, Samples.challenger("x", Double.NaN));
            case 1 -> {
                long first = Math.max(1, seq - random.nextInt(6));
                next.setKind(ObservationKind.OBSERVATION_KIND_DROPS)
                        .addDropped(SeqRange.newBuilder().setFirst(first).setLast(seq));
            }
            case 2 -> {
                return Samples.holdout(device, seq, nowMs - ageMs, true)
                        .setSpoolEpoch(epoch)
                        .build();
            }
            case 3 -> next.clearComparison().setArms(1, Samples.failed(Role.ROLE_CHALLENGER));
            case 4 -> next.getTotalsBuilder().setLastSeq(seq + random.nextInt(5));
            default -> {
                return next.build();
            }
        }
        return next.build();
    }

    /// A spool with so many holes that the oldest are given up: every other sequence, from a sender of its own.
    List<Inbound> holes(int ranges) {
        List<Inbound> records = new ArrayList<>();
        for (int i = 1; i <= ranges; i++) {
            records.add(Samples.inbound(
                    offset++, nowMs, Samples.pair("holes", 2L * i, nowMs).build()));
        }
        return records;
    }
}
