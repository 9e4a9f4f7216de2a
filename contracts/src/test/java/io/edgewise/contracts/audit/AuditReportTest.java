// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Signing;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// G15: whatever is changed, removed, put in, moved or restored before the last checkpoint is found, with its place.
class AuditReportTest {
    private static final long SEED = Long.getLong("edgewise.seed", 20261130);
    private final KeyPair keys = keys();

    @Test
    void whatWasWrittenIsIntact() {
        AuditReport report = AuditReport.of(chains(), checkpoints(chains()), List.of(keys.getPublic()));

        assertThat(report.faults()).isEmpty();
        assertThat(report.entries()).isEqualTo(60);
        assertThat(report.checkpoints()).isEqualTo(3);
    }

    @Test
    void twoThousandMutationsAreAllFound() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<AuditReport.SignedCheckpoint> checkpoints = checkpoints(chains());
        for (int i = 0; i < 2_000; i++) {
            SortedMap<String, List<ChainLink.Stored>> chains = chains();
            String chain = "C" + random.nextInt(3);
            List<ChainLink.Stored> log = java.util.Objects.requireNonNull(chains.get(chain));
            int at = random.nextInt(log.size());
            int mutation = random.nextInt(6);
            long firstBad = mutate(log, at, mutation, random);

            AuditReport report = AuditReport.of(chains, checkpoints, List.of(keys.getPublic()));

            assertThat(report.isIntact())
                    .as("seed %d, mutation %d of entry %d", SEED, mutation, at + 1)
                    .isFalse();
            assertThat(report.faults().getFirst().chain()).isEqualTo(chain);
            if (firstBad > 0) {
                assertThat(report.faults().getFirst().number()).isEqualTo(firstBad);
            }
        }
    }

    @Test
    void aChainThatWasRewrittenWithFreshHashesContradictsItsCheckpoint() {
        List<AuditReport.SignedCheckpoint> checkpoints = checkpoints(chains());
        SortedMap<String, List<ChainLink.Stored>> rewritten = chains();
        rewritten.put("C1", log("C1", 20, "another story "));

        AuditReport report = AuditReport.of(rewritten, checkpoints, List.of(keys.getPublic()));

        assertThat(report.faults()).allMatch(fault -> fault.what().contains("the chain was rewritten"));
        assertThat(report.faults()).isNotEmpty();
    }

    @Test
    void aCheckpointThatIsMissingForgedOrSignedByAnotherKeyIsFound() {
        List<AuditReport.SignedCheckpoint> all = checkpoints(chains());
        List<AuditReport.SignedCheckpoint> missing = List.of(all.get(0), all.get(2));

        assertThat(AuditReport.of(chains(), missing, List.of(keys.getPublic())).faults())
                .anyMatch(fault -> fault.what().contains("a checkpoint is missing"));
        assertThat(AuditReport.of(chains(), all, List.of(keys().getPublic())).faults())
                .hasSize(3)
                .allMatch(fault -> fault.what().contains("its signature is not by key"));
        assertThat(AuditReport.of(chains(), all, List.of()).signaturesChecked()).isFalse();
    }

    /// Returns the number of the first bad entry, 0 where it is the end that is missing.
    private static long mutate(List<ChainLink.Stored> log, int at, int mutation, SplittableRandom random) {
        ChainLink link = log.get(at).link();
        switch (mutation) {
            case 0 ->
                log.set(
                        at,
                        new ChainLink.Stored(
                                with(link, link.sentence() + "x", link.atMs()),
                                log.get(at).hash()));
            case 1 ->
                log.set(
                        at,
                        new ChainLink.Stored(
                                with(link, link.sentence(), link.atMs() + 1),
                                log.get(at).hash()));
            case 2 -> log.remove(at);
            case 3 -> log.add(at, log.get(at));
            case 4 -> {
                int other = (at + 1 + random.nextInt(log.size() - 1)) % log.size();
                Collections.swap(log, at, other);
                return Math.min(at, other) + 1L;
            }
            default -> {
                ChainLink changed = with(link, link.sentence() + " changed", link.atMs());
                log.set(at, new ChainLink.Stored(changed, changed.hash()));
                return at == log.size() - 1 ? at + 1L : at + 2L;
            }
        }
        return mutation == 3 ? at + 2L : at + 1L;
    }

    private static ChainLink with(ChainLink link, String sentence, long atMs) {
        return new ChainLink(
                link.rollout(),
                link.number(),
                atMs,
                link.kind(),
                link.actor(),
                link.stage(),
                link.shareBp(),
                link.revision(),
                sentence,
                link.detail(),
                link.previousHash());
    }

    private static SortedMap<String, List<ChainLink.Stored>> chains() {
        SortedMap<String, List<ChainLink.Stored>> chains = new TreeMap<>();
        for (int i = 0; i < 3; i++) {
            chains.put("C" + i, log("C" + i, 20, "sentence "));
        }
        return chains;
    }

    private static List<ChainLink.Stored> log(String chain, int entries, String words) {
        List<ChainLink.Stored> log = new ArrayList<>();
        String previous = ChainLink.ROOT;
        for (int number = 1; number <= entries; number++) {
            ChainLink link = new ChainLink(
                    chain,
                    number,
                    1_000L * number,
                    "verdict",
                    "controller",
                    1,
                    100,
                    number,
                    words + number,
                    "{}",
                    previous);
            log.add(new ChainLink.Stored(link, link.hash()));
            previous = link.hash();
        }
        return log;
    }

    /// After 7, 14 and all 20 entries of each chain.
    private List<AuditReport.SignedCheckpoint> checkpoints(Map<String, List<ChainLink.Stored>> chains) {
        List<AuditReport.SignedCheckpoint> checkpoints = new ArrayList<>();
        String previous = ChainLink.ROOT;
        for (int seen : new int[] {7, 14, 20}) {
            SortedMap<String, Checkpoint.Head> heads = new TreeMap<>();
            chains.forEach((chain, log) ->
                    heads.put(chain, new Checkpoint.Head(seen, log.get(seen - 1).hash())));
            Checkpoint checkpoint = new Checkpoint("default", checkpoints.size() + 1, seen, heads, previous);
            previous = checkpoint.hash();
            checkpoints.add(new AuditReport.SignedCheckpoint(
                    checkpoint,
                    "k1",
                    Signing.sign(Checkpoint.DOMAIN, checkpoint.bytes(), "k1", keys.getPrivate())
                            .getSignature()
                            .toByteArray()));
        }
        return checkpoints;
    }

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
