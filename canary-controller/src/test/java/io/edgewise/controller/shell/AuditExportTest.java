// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Signing;
import io.edgewise.contracts.audit.AuditReport;
import io.edgewise.contracts.audit.AuditReport.SignedCheckpoint;
import io.edgewise.contracts.audit.ChainLink;
import io.edgewise.contracts.audit.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.NamedParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What the server exports, to the byte: the command's own test verifies this file far from any server.
class AuditExportTest {
    private static final String ROLLOUT = "01K9ZZZZZZZZZZZZZZZZZZZZZZ";
    private static final List<String> SENTENCES = List.of(
            "Started: \"cloud\" serves everybody, \"int4\" runs beside it in \"shadow\".",
            "ana paused it, because: \u00dcberstunden \u2014 a \\ and a tab\tin it.",
            "Rolled back from \"1 %\": e = 4.9e5 > 7.2e4.");

    @Test
    void theExportIsTheFileThatTheCommandVerifies() throws Exception {
        KeyPair keys = keys();
        SortedMap<String, List<ChainLink.Stored>> chains = new TreeMap<>();
        chains.put(ROLLOUT, chain(ROLLOUT));
        chains.put(ActBook.chain("default"), chain(ActBook.chain("default")));
        List<SignedCheckpoint> checkpoints = checkpoints(chains, keys);
        assertThat(AuditReport.of(chains, checkpoints, List.of(keys.getPublic()))
                        .isIntact())
                .isTrue();

        hold("export.jsonl", AuditDesk.lines(chains, checkpoints));
        hold(
                "signing.pub",
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getEncoder().encodeToString(keys.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
    }

    private static void hold(String name, String content) throws Exception {
        Path file = repository().resolve("cli/src/test/resources/audit").resolve(name);
        if (Boolean.getBoolean("edgewise.update")) {
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, content);
            return;
        }
        assertThat(Files.readString(file))
                .as("run this test with -Dedgewise.update=true to write it anew")
                .isEqualTo(content);
    }

    private static List<ChainLink.Stored> chain(String name) {
        List<ChainLink.Stored> chain = new ArrayList<>();
        for (int number = 1; number <= SENTENCES.size(); number++) {
            ChainLink link = new ChainLink(
                    name,
                    number,
                    1_795_000_000_000L + number,
                    number == 3 ? "rolled_back" : "verdict",
                    "ana",
                    number - 1,
                    100 * number,
                    number,
                    SENTENCES.get(number - 1),
                    "{\"alpha\":0.0125,\"planHash\":\"ab\"}",
                    chain.isEmpty() ? ChainLink.ROOT : chain.getLast().hash());
            chain.add(new ChainLink.Stored(link, link.hash()));
        }
        return chain;
    }

    /// After the first entry of each chain, and after the last.
    private static List<SignedCheckpoint> checkpoints(SortedMap<String, List<ChainLink.Stored>> chains, KeyPair keys) {
        List<SignedCheckpoint> checkpoints = new ArrayList<>();
        String previous = ChainLink.ROOT;
        for (int upTo : new int[] {1, SENTENCES.size()}) {
            SortedMap<String, Checkpoint.Head> heads = new TreeMap<>();
            for (Map.Entry<String, List<ChainLink.Stored>> chain : chains.entrySet()) {
                heads.put(
                        chain.getKey(),
                        new Checkpoint.Head(upTo, chain.getValue().get(upTo - 1).hash()));
            }
            Checkpoint checkpoint =
                    new Checkpoint("default", checkpoints.size() + 1, 1_795_000_001_000L + upTo, heads, previous);
            previous = checkpoint.hash();
            checkpoints.add(new SignedCheckpoint(
                    checkpoint,
                    "test",
                    Signing.sign(Checkpoint.DOMAIN, checkpoint.bytes(), "test", keys.getPrivate())
                            .getSignature()
                            .toByteArray()));
        }
        return checkpoints;
    }

    /// Always the same pair, so that the signatures are.
    private static KeyPair keys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(NamedParameterSpec.ED25519, new SecureRandom() {
            private static final long serialVersionUID = 1;

            @Override
            public void nextBytes(byte[] bytes) {
                Arrays.fill(bytes, (byte) 7);
            }
        });
        return generator.generateKeyPair();
    }

    private static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/adr"))) {
            folder = Objects.requireNonNull(folder.getParent(), "no folder above holds docs/adr");
        }
        return folder;
    }
}
