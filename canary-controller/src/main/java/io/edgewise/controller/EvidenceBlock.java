// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Tally;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the evaluator's counters grew by between two cuts. Blocks are numbered from 1, kept for ever and never changed:
/// every sequential test is a function of their list.
public record EvidenceBlock(long number, long cutAtMs, SortedMap<Stratum, Tally> increments) {
    /// Blocks are cut this often, and besides at every decision.
    public static final int SECONDS = 10;

    public EvidenceBlock {
        if (number < 1) {
            throw new IllegalArgumentException("evidence block " + number + "; blocks count from 1");
        }
        increments = Collections.unmodifiableSortedMap(new TreeMap<>(Map.copyOf(increments)));
    }

    public static EvidenceBlock cut(long number, Instant at, Map<Stratum, Tally> increments) {
        return new EvidenceBlock(number, at.toEpochMilli(), new TreeMap<>(increments));
    }

    /// Equal blocks have equal bytes.
    public byte[] encode() {
        return EvidenceBlockCodec.encode(this);
    }

    public static EvidenceBlock decode(byte[] bytes) {
        return EvidenceBlockCodec.decode(bytes);
    }
}
