// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An export is checked where its server is not.
class AuditFileTest {
    @TempDir
    Path folder = Path.of("");

    /// The files are what the server writes, to the byte: its own test holds them.
    private static final Path EXPORT = Repository.ROOT.resolve("cli/src/test/resources/audit/export.jsonl");

    private static final String KEY =
            Repository.ROOT.resolve("cli/src/test/resources/audit/signing.pub").toString();

    private static final String ROLLOUT = "01K9ZZZZZZZZZZZZZZZZZZZZZZ";

    private Run verify(List<String> lines) throws IOException {
        Path file = Files.write(folder.resolve("log.jsonl"), lines);
        return Run.of("audit", "verify", "--file", file.toString(), "--key", KEY);
    }

    @Test
    void whatTheServerExportsIsIntactAndAnyChangeOfItIsNamedWithItsPlace() throws Exception {
        List<String> lines = Files.readAllLines(EXPORT);

        Run good = verify(lines);
        assertThat(good.code()).as(good.out() + good.err()).isZero();
        assertThat(good.out()).isEqualTo("intact: 6 entries in 2 chains, 2 checkpoints, signatures checked\n");
        assertThat(Run.of("audit", "verify", "--file", EXPORT.toString()).out())
                .isEqualTo("intact: 6 entries in 2 chains, 2 checkpoints, signatures not checked (give --key)\n");

        List<String> changed = new ArrayList<>(lines);
        changed.set(2, changed.get(2).replace("4.9e5", "4.9e6"));
        Run bad = verify(changed);
        assertThat(bad.code()).isEqualTo(1);
        assertThat(bad.out()).contains("NOT intact").contains(ROLLOUT + " entry 3: the chain breaks here");

        List<String> cut = new ArrayList<>(lines);
        cut.remove(2);
        assertThat(verify(cut).out()).contains(ROLLOUT + " entry 3: checkpoint 2 saw 3 entries; the end is missing");

        List<String> later = new ArrayList<>(lines);
        later.set(7, later.get(7).replace("\"atMs\":1795000001003", "\"atMs\":1795000001004"));
        assertThat(verify(later).out())
                .contains("checkpoints of default entry 2: its signature is not by key \"test\" as given");
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
}
