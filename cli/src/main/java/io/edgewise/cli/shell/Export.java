// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import io.edgewise.cli.table.BadInput;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `edgewise export`.
@Command(
        name = "export",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = "Data for a training job as JSON lines, each with where it comes from: disagreements that "
                + "somebody has judged and that may be used for training, or windows of a minute with all that was "
                + "counted in them.",
        footer = {
            "",
            "Times are 2026-05-01T00:00:00Z or 2026-05-01 (UTC). A file is there when it is whole: an export that breaks "
                    + "off leaves nothing, and says so.",
            "Exit code: 0 done, 2 not. See docs/cli.md."
        })
final class Export implements Callable<Integer> {
    /// What is exported.
    enum What {
        DISAGREEMENTS,
        WINDOWS;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int BUFFER = 1 << 16;

    private final Terminal terminal;

    @Parameters(
            paramLabel = "WHAT",
            defaultValue = "disagreements",
            description = "${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private What what = What.DISAGREEMENTS;

    @Option(names = "--workload", paramLabel = "NAME", required = true, description = "Of this workload.")
    private String workload = "";

    @Option(names = "--from", paramLabel = "TIME", required = true, description = "From here on.")
    private String from = "";

    @Option(names = "--to", paramLabel = "TIME", required = true, description = "Up to here, not included.")
    private String to = "";

    @Option(names = "--rollout", paramLabel = "ID", description = "Windows of this rollout alone.")
    private Optional<String> rollout = Optional.empty();

    @Option(
            names = "--slice",
            paramLabel = "NAME=VALUE",
            description = "Windows of this slice instead of those of all traffic.")
    private Optional<String> slice = Optional.empty();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write them there; compressed where the name ends with .gz. Otherwise to the terminal.")
    private Optional<Path> out = Optional.empty();

    @Mixin
    private ServerOptions options = new ServerOptions();

    Export(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Range range = Range.of(from, to);
        if (what == What.DISAGREEMENTS && (rollout.isPresent() || slice.isPresent())) {
            throw new BadInput("--rollout and --slice are for windows; write: edgewise export windows.");
        }
        Output.check(out, options.tokenFile.stream().toList());
        Map<String, String> query = new LinkedHashMap<>();
        query.put("workload", workload);
        query.put("from", range.from().toString());
        query.put("to", range.to().toString());
        rollout.ifPresent(id -> query.put("rollout", id));
        slice.ifPresent(name -> query.put("slice", name));
        try (Server server = options.open();
                InputStream lines = server.get("/api/v1/exports/" + what, query)) {
            if (out.isPresent()) {
                Output.write(out.get(), half -> file(lines, half, range));
            } else {
                terminal(lines, range);
            }
        } catch (IOException e) {
            throw new BadInput("the export could not be ended: " + e.getMessage(), e);
        }
        return 0;
    }

    private void file(InputStream lines, Path half, Range range) throws IOException {
        String name = String.valueOf(out.map(Path::getFileName).orElseThrow());
        try (OutputStream raw = new BufferedOutputStream(Files.newOutputStream(half), BUFFER);
                OutputStream to = name.endsWith(".gz") ? new GZIPOutputStream(raw, BUFFER) : raw) {
            long count = copy(lines, range, line -> to.write(line, 0, line.length));
            terminal.err()
                    .println(String.format(Locale.ROOT, "%,d %s in %s", count, what, out.orElseThrow())
                            + (count == 0 ? "; " + nothing() : ""));
        }
    }

    private void terminal(InputStream lines, Range range) {
        long count = copy(lines, range, line -> terminal.out().print(new String(line, StandardCharsets.UTF_8)));
        terminal.out().flush();
        if (count == 0) {
            terminal.err().println("no " + what + ": " + nothing());
        }
    }

    private String nothing() {
        return what == What.DISAGREEMENTS
                ? "there are none of this workload in this time that somebody has judged and that may train."
                : "there are none of this workload in this time that are closed and still stored.";
    }

    private interface Taking {
        void line(byte[] line) throws IOException;
    }

    /// Whole lines only: one without an end is of an export that broke off.
    private long copy(InputStream lines, Range range, Taking taking) {
        Progress progress = terminal.progress();
        LineReader reader = new LineReader(new BufferedInputStream(lines, BUFFER));
        long count = 0;
        try {
            for (byte[] line = reader.next(); line.length > 0; line = reader.next()) {
                if (line[line.length - 1] != '\n') {
                    throw new BadInput(broken(count, "its last line has no end"));
                }
                taking.line(line);
                count++;
                progress.covered(what.toString(), count, range.share(line));
            }
            return count;
        } catch (IOException e) {
            throw new BadInput(broken(count, String.valueOf(e.getMessage())), e);
        } finally {
            progress.end();
        }
    }

    private String broken(long count, String why) {
        return String.format(Locale.ROOT, "the export broke off after %,d %s: %s. ", count, what, why)
                + (out.isPresent()
                        ? "Nothing was written; run it again."
                        : "What was printed is not whole; run it again.");
    }
}
