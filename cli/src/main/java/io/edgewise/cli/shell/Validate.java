// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import io.edgewise.cli.pairs.FloorVerdict;
import io.edgewise.cli.pairs.PairColumns;
import io.edgewise.cli.pairs.PairCounts;
import io.edgewise.cli.pairs.PairReport;
import io.edgewise.cli.pairs.SetColumns;
import io.edgewise.cli.report.PairHtml;
import io.edgewise.cli.report.PairJson;
import io.edgewise.cli.report.PairText;
import io.edgewise.cli.table.BadInput;
import io.edgewise.cli.table.Rows;
import io.edgewise.cli.table.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `edgewise validate`.
@Command(
        name = "validate",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description =
                "Is the edge model good enough? From logged pairs of answers: agreement with the frontier, kappa, "
                        + "calibration, accuracy and who was right, per slice, with a verdict against a floor.",
        footer = {
            "",
            "Roles of --map for pairs: edge, frontier (labels; needed), truth, slice (several), confidence (of the edge "
                    + "model), edge-latency, frontier-latency, edge-refusal, frontier-refusal, escalated; for a set: text, "
                    + "truth, frontier (labels it has given), slice.",
            FileOptions.FILES,
            "Exit code: 0 done, 1 as --fail-on says, 2 bad usage or a bad file.",
            "See docs/cli.md."
        })
final class Validate implements Callable<Integer> {
    /// What makes the exit code 1.
    enum FailOn {
        NEVER,
        BREACH,
        /// Everything that is not SAFE.
        UNSAFE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean isMetBy(FloorVerdict.Word word) {
            return this == BREACH && word == FloorVerdict.Word.BREACH
                    || this == UNSAFE && word != FloorVerdict.Word.SAFE;
        }
    }

    private final Terminal terminal;

    @Option(names = "--pairs", paramLabel = "FILE", description = "Logged pairs, one per row.")
    private Optional<Path> pairs = Optional.empty();

    @Option(names = "--set", paramLabel = "FILE", description = "Requests to run the models over, one per row.")
    private Optional<Path> set = Optional.empty();

    @Mixin
    private ModelOptions models = new ModelOptions();

    @Option(
            names = "--map",
            paramLabel = "ROLE=COLUMN",
            split = ",",
            description =
                    "Which column holds what: edge=answer,frontier=reference, for example; the roles stand below.")
    private List<String> map = new ArrayList<>();

    @Option(
            names = "--sensitive",
            paramLabel = "COLUMN",
            split = ",",
            description = "Groups of this column must fare alike: the largest gap with a simultaneous interval.")
    private List<String> sensitive = new ArrayList<>();

    @Option(
            names = "--floor",
            paramLabel = "SHARE",
            defaultValue = "0.85",
            description = "Agreement that must be shown (default ${DEFAULT-VALUE}).")
    private double floor;

    @Option(
            names = "--latency-unit",
            paramLabel = "UNIT",
            defaultValue = "ms",
            description = "The unit of latencies, for the report (default ${DEFAULT-VALUE}).")
    private String unit = "ms";

    @Option(
            names = "--fail-on",
            paramLabel = "VERDICT",
            defaultValue = "never",
            description = "Exit with 1 on ${COMPLETION-CANDIDATES}; unsafe is everything but SAFE (default "
                    + "${DEFAULT-VALUE}).")
    private FailOn failOn = FailOn.NEVER;

    @Mixin
    private FileOptions files = new FileOptions();

    Validate(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        PairReport.Wishes wishes = new PairReport.Wishes(floor, unit);
        if (pairs.isPresent() == set.isPresent()) {
            throw new BadInput(
                    "give either --pairs FILE (answers that were logged) or --set FILE with --edge MODEL (models "
                            + "to run).");
        }
        Output.check(files.out, pairs.or(() -> set).stream().toList());
        PairReport report = pairs.isPresent()
                ? pairs(pairs.get(), PairColumns.of(map, sensitive), wishes)
                : set(set.orElseThrow(), SetColumns.of(map, sensitive));
        String written = switch (files.format()) {
            case TEXT -> PairText.of(report);
            case JSON -> PairJson.of(report);
            case HTML -> PairHtml.of(report);
        };
        Output.write(files.out, written, terminal.out());
        return failOn.isMetBy(report.all().verdict().word()) ? 1 : 0;
    }

    private PairReport pairs(Path file, PairColumns columns, PairReport.Wishes wishes) {
        Progress progress = terminal.progress();
        Table table = Inputs.open(file, files.table(), files.missing(), progress);
        try (Rows rows = table.rows()) {
            PairCounts counts = PairCounts.of(rows, columns);
            return PairReport.of(
                    String.format(
                            Locale.ROOT, "%s (%,d %s)", rows.file(), rows.row(), rows.row() == 1 ? "pair" : "pairs"),
                    counts,
                    wishes,
                    Optional.empty());
        } finally {
            progress.end();
        }
    }

    private PairReport set(Path file, SetColumns columns) {
        var _ = models.edge();
        if (!models.hasFrontier() && columns.frontier().isEmpty()) {
            throw new BadInput(
                    "--set needs the frontier's answers: give --frontier MODEL, or --map frontier=COLUMN if the "
                            + "set has them.");
        }
        Progress progress = terminal.progress();
        try (Models opened = Models.open(models, terminal.clock());
                Rows rows = Inputs.open(file, files.table(), files.missing(), progress)
                        .rows()) {
            return new RunSet(opened, columns, terminal, progress, models).over(rows, floor);
        } finally {
            progress.end();
        }
    }
}
