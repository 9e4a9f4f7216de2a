// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.audit.ChainLink;
import io.edgewise.contracts.audit.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An export is checked where its server is not.
class AuditFileTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path folder = Path.of("");

    @Test
    void anExportIsIntactAndAnyChangeOfItIsNamedWithItsPlace() throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        List<String> lines = export(keys);
        Path key = Files.writeString(
                folder.resolve("signing.pub"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getEncoder().encodeToString(keys.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
        Path whole = Files.write(folder.resolve("whole.jsonl"), lines);

        Run good = Run.of("audit", "verify", "--file", whole.toString(), "--key", key.toString());
        assertThat(good.code()).as(good.out() + good.err()).isZero();
        assertThat(good.out()).contains("intact: 5 entries in 1 chains, 1 checkpoints, signatures checked");

        List<String> changed = new ArrayList<>(lines);
        changed.set(2, changed.get(2).replace("sentence 3", "sentence 4"));
        Run bad = Run.of(
                "audit",
                "verify",
                "--file",
                Files.write(folder.resolve("bad.jsonl"), changed).toString());
        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.out()).contains("NOT intact").contains("R entry 3: the chain breaks here");

        List<String> cut = new ArrayList<>(lines);
        cut.remove(4);
        Run shorter = Run.of(
                "audit",
                "verify",
                "--file",
                Files.write(folder.resolve("cut.jsonl"), cut).toString());
        assertThat(shorter.out()).contains("R entry 5: checkpoint 1 saw 5 entries; the end is missing");
    }

    @Test
    void whatIsNoExportIsRefusedWithItsLine() throws Exception {
        Path file = Files.writeString(folder.resolve("x.jsonl"), "{\"type\": \"poem\"}\n");

        Run run = Run.of("audit", "verify", "--file", file.toString());

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("line 1 is neither an entry nor a checkpoint");
    }

    @Test
    void withoutAServerOrATokenTheErrorSaysWhatToDo() {
        Run run =
                Run.of("rollout", "list", "--token-file", folder.resolve("none").toString());

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("give --token-file, or set EDGEWISE_TOKEN");
    }

    private static List<String> export(KeyPair keys) {
        List<String> lines = new ArrayList<>();
        String previous = ChainLink.ROOT;
        for (int number = 1; number <= 5; number++) {
            ChainLink link = new ChainLink(
                    "R",
                    number,
                    1_000L * number,
                    "verdict",
                    "controller",
                    1,
                    100,
                    number,
                    "sentence " + number,
                    "{}",
                    previous);
            previous = link.hash();
            ObjectNode line = MAPPER.createObjectNode();
            line.put("type", "entry").put("chain", "R").put("number", number).put("atMs", link.atMs());
            line.put("kind", "verdict")
                    .put("actor", "controller")
                    .put("stage", 1)
                    .put("shareBp", 100);
            line.put("revision", number).put("sentence", link.sentence()).put("detail", "{}");
            line.put("previousHash", link.previousHash()).put("hash", previous);
            lines.add(line.toString());
        }
        Checkpoint checkpoint = new Checkpoint(
                "default", 1, 9_000, new TreeMap<>(Map.of("R", new Checkpoint.Head(5, previous))), ChainLink.ROOT);
        ObjectNode line = MAPPER.createObjectNode();
        line.put("type", "checkpoint").put("tenant", "default").put("number", 1).put("atMs", 9_000);
        line.putObject("heads").putObject("R").put("number", 5).put("hash", previous);
        line.put("previousHash", ChainLink.ROOT).put("keyId", "k");
        line.put(
                "signature",
                Base64.getEncoder()
                        .encodeToString(Signing.sign(Checkpoint.DOMAIN, checkpoint.bytes(), "k", keys.getPrivate())
                                .getSignature()
                                .toByteArray()));
        lines.add(line.toString());
        return lines;
    }
}
