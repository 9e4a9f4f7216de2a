// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts.audit;

import java.util.SortedMap;
import java.util.TreeMap;

/// The heads of all chains that have grown since the checkpoint before it, signed. Whoever holds one can tell later
/// whether an entry before it was changed, even by somebody who rewrote the whole chain behind.
///
/// @param previousHash of the checkpoint before, {@link ChainLink#ROOT} for the first
public record Checkpoint(String tenant, long number, long atMs, SortedMap<String, Head> heads, String previousHash) {
    /// What is signed begins with it.
    public static final String DOMAIN = "edgewise/checkpoint/1";

    private static final int VERSION = 1;

    public Checkpoint {
        heads = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(heads));
    }

    /// How far a chain had come, and the hash of its last entry.
    public record Head(long number, String hash) {}

    /// What is signed.
    public byte[] bytes() {
        return Digest.bytes(out -> {
            out.writeByte(VERSION);
            Digest.text(out, tenant);
            out.writeLong(number);
            out.writeLong(atMs);
            out.writeInt(heads.size());
            for (var head : heads.entrySet()) {
                Digest.text(out, head.getKey());
                out.writeLong(head.getValue().number());
                Digest.text(out, head.getValue().hash());
            }
            Digest.text(out, previousHash);
        });
    }

    public String hash() {
        return Digest.sha256(bytes());
    }
}
