// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts.audit;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Signed;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a check of chains and checkpoints found. `faults` is empty when everything is what was written.
public record AuditReport(long chains, long entries, long checkpoints, boolean signaturesChecked, List<Fault> faults) {
    public AuditReport {
        faults = List.copyOf(faults);
    }

    public boolean isIntact() {
        return faults.isEmpty();
    }

    /// `number` is the first bad entry of the chain, or the checkpoint's number.
    public record Fault(String chain, long number, String what) {}

    @SuppressWarnings("ArrayRecordComponent") // carries the signature as it was stored
    public record SignedCheckpoint(Checkpoint checkpoint, String keyId, byte[] signature) {}

    /// Chains by their name, checkpoints oldest first. Each must be signed by one of the keys; without any,
    /// signatures are not checked, and the report says so.
    public static AuditReport of(
            SortedMap<String, List<ChainLink.Stored>> chains,
            List<SignedCheckpoint> checkpoints,
            Collection<PublicKey> keys) {
        List<Fault> faults = new ArrayList<>();
        long entries = 0;
        for (Map.Entry<String, List<ChainLink.Stored>> chain : chains.entrySet()) {
            entries += chain.getValue().size();
            OptionalLong bad = ChainLink.firstBad(chain.getValue());
            if (bad.isPresent()) {
                faults.add(new Fault(
                        chain.getKey(), bad.getAsLong(), "the chain breaks here: this entry is not what was written"));
            }
            chain.getValue().stream()
                    .filter(stored -> !stored.link().rollout().equals(chain.getKey()))
                    .findFirst()
                    .ifPresent(stored -> faults.add(new Fault(
                            chain.getKey(), stored.link().number(), "an entry of another chain stands here")));
        }
        checkpoints(chains, checkpoints, keys, faults);
        return new AuditReport(chains.size(), entries, checkpoints.size(), !keys.isEmpty(), faults);
    }

    private static void checkpoints(
            SortedMap<String, List<ChainLink.Stored>> chains,
            List<SignedCheckpoint> checkpoints,
            Collection<PublicKey> keys,
            List<Fault> faults) {
        Map<String, String> previous = new TreeMap<>();
        Map<String, Long> numbers = new TreeMap<>();
        for (SignedCheckpoint signed : checkpoints) {
            Checkpoint checkpoint = signed.checkpoint();
            String name = "checkpoints of " + checkpoint.tenant();
            String before = previous.getOrDefault(checkpoint.tenant(), ChainLink.ROOT);
            long expected = numbers.getOrDefault(checkpoint.tenant(), 0L) + 1;
            if (checkpoint.number() != expected || !checkpoint.previousHash().equals(before)) {
                faults.add(new Fault(name, expected, "a checkpoint is missing, moved or put in here"));
            }
            if (!keys.isEmpty() && keys.stream().noneMatch(key -> isSigned(signed, key))) {
                faults.add(new Fault(
                        name, checkpoint.number(), "its signature is not by key \"" + signed.keyId() + "\" as given"));
            }
            previous.put(checkpoint.tenant(), checkpoint.hash());
            numbers.put(checkpoint.tenant(), checkpoint.number());
            checkpoint.heads().forEach((chain, head) -> head(chains, checkpoint, chain, head, faults));
        }
    }

    private static void head(
            SortedMap<String, List<ChainLink.Stored>> chains,
            Checkpoint checkpoint,
            String chain,
            Checkpoint.Head head,
            List<Fault> faults) {
        List<ChainLink.Stored> log = chains.getOrDefault(chain, List.of());
        if (log.size() < head.number()) {
            faults.add(new Fault(
                    chain,
                    log.size() + 1L,
                    "checkpoint " + checkpoint.number() + " saw " + head.number() + " entries; the end is missing"));
        } else if (head.number() >= 1
                && !log.get(Math.toIntExact(head.number() - 1)).hash().equals(head.hash())) {
            faults.add(new Fault(
                    chain,
                    head.number(),
                    "checkpoint " + checkpoint.number() + " saw another entry here: the chain was rewritten"));
        }
    }

    private static boolean isSigned(SignedCheckpoint signed, PublicKey key) {
        return Signing.verify(
                Signed.newBuilder()
                        .setDomain(Checkpoint.DOMAIN)
                        .setPayload(ByteString.copyFrom(signed.checkpoint().bytes()))
                        .setKeyId(signed.keyId())
                        .setSignature(ByteString.copyFrom(signed.signature()))
                        .build(),
                key);
    }
}
