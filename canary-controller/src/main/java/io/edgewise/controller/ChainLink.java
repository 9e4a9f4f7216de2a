// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/// An entry of a rollout's decision log. Each one's hash covers the hash before it, so that no entry can be changed,
/// taken out, put in or moved without breaking the chain.
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

    public static ChainLink of(
            String rollout, long number, long atMs, Decision decision, long revision, String previousHash) {
        return new ChainLink(
                rollout,
                number,
                atMs,
                decision.kind().text(),
                decision.actor(),
                decision.stage(),
                decision.shareBp(),
                revision,
                decision.sentence(),
                decision.detail(),
                previousHash);
    }

    /// SHA-256 over the canonical bytes, in hex.
    public String hash() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            text(out, rollout);
            out.writeLong(number);
            out.writeLong(atMs);
            text(out, kind);
            text(out, actor);
            out.writeInt(stage);
            out.writeInt(shareBp);
            out.writeLong(revision);
            text(out, sentence);
            text(out, detail);
            text(out, previousHash);
        } catch (IOException e) {
            throw new IllegalStateException("cannot encode decision " + number + " of " + rollout, e);
        }
        return Hashing.hex(Hashing.sha256(bytes.toByteArray()));
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /// An entry as it was stored, with the hash that was stored beside it.
    public record Stored(ChainLink link, String hash) {}

    /// The number at which the log stops being what was written; empty when it is whole. `expected` entries must be
    /// there, so that cutting off the end is seen too.
    public static OptionalLong firstBad(List<Stored> log, long expected) {
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
        return number - 1 == expected ? OptionalLong.empty() : OptionalLong.of(number);
    }
}
