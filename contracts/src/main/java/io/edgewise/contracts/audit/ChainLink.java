// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts.audit;

import java.util.List;
import java.util.OptionalLong;

/// An entry of a log: of a rollout's decisions, or of a tenant's acts, whose `rollout` is "tenant/" and its name. Each
/// one's hash covers the hash before it, so that no entry can be changed, taken out, put in or moved without breaking
/// the chain.
public record ChainLink(
        String rollout,
        long number,
        long atMs,
        String kind,
        String actor,
        int stage,
        int shareBp,
        long revision,
        String sentence,
        String detail,
        String previousHash) {
    /// What comes before the first entry.
    public static final String ROOT = "0".repeat(64);

    private static final int VERSION = 1;

    /// SHA-256 over the canonical bytes, in hex.
    public String hash() {
        return Digest.sha256(Digest.bytes(out -> {
            out.writeByte(VERSION);
            Digest.text(out, rollout);
            out.writeLong(number);
            out.writeLong(atMs);
            Digest.text(out, kind);
            Digest.text(out, actor);
            out.writeInt(stage);
            out.writeInt(shareBp);
            out.writeLong(revision);
            Digest.text(out, sentence);
            Digest.text(out, detail);
            Digest.text(out, previousHash);
        }));
    }

    /// An entry as it was stored, with the hash that was stored beside it.
    public record Stored(ChainLink link, String hash) {}

    /// The number at which the log stops being what was written; empty when it is whole. `expected` entries must be
    /// there, so that cutting off the end is seen too.
    public static OptionalLong firstBad(List<Stored> log, long expected) {
        OptionalLong bad = firstBad(log);
        return bad.isPresent() || log.size() == expected ? bad : OptionalLong.of(log.size() + 1L);
    }

    /// The same where nobody says how many there must be.
    public static OptionalLong firstBad(List<Stored> log) {
        String previous = ROOT;
        long number = 1;
        for (Stored stored : log) {
            ChainLink link = stored.link();
            if (link.number() != number
                    || !link.previousHash().equals(previous)
                    || !link.hash().equals(stored.hash())) {
                return OptionalLong.of(number);
            }
            previous = stored.hash();
            number++;
        }
        return OptionalLong.empty();
    }
}
