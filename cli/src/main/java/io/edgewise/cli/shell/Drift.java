// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import io.edgewise.cli.columns.DriftLimits;
import io.edgewise.cli.columns.DriftReport;
import io.edgewise.cli.columns.FileCounts;
import io.edgewise.cli.columns.Plan;
import io.edgewise.cli.columns.Severity;
import io.edgewise.cli.report.DriftHtml;
import io.edgewise.cli.report.DriftJson;
import io.edgewise.cli.report.DriftText;
import io.edgewise.cli.table.BadInput;
import io.edgewise.cli.table.Rows;
import io.edgewise.cli.table.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `edgewise drift`.
@Command(
        name = "drift",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description =
                "What has moved between two files: PSI, Kolmogorov-Smirnov, chi-square and Jensen-Shannon of every "
                        + "column, each with a verdict.",
        footer = {
            "",
            FileOptions.FILES,
            "Exit code: 0 done, 1 drift as --fail-on says, 2 bad usage or a bad file.",
            "See docs/cli.md."
        })
final class Drift implements Callable<Integer> {
    private static final int MOST_KEPT = 400_000;

    /// What makes the exit code 1.
    enum FailOn {
        NEVER,
        WARN,
        ACT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        boolean isMetBy(Severity severity) {
            return this == WARN && severity != Severity.NONE || this == ACT && severity == Severity.ACT;
        }
    }

    private final Terminal terminal;

    @Option(names = "--baseline", required = true, paramLabel = "FILE", description = "What it was.")
    private Path baseline = Path.of("");

    @Option(names = "--current", required = true, paramLabel = "FILE", description = "What it is now.")
    private Path current = Path.of("");

    @Option(
            names = "--columns",
            paramLabel = "COLUMN",
            split = ",",
            description = "Compare these; all but --exclude and --by otherwise.")
    private List<String> columns = new ArrayList<>();

    @Option(names = "--exclude", paramLabel = "COLUMN", split = ",", description = "Leave these out.")
    private List<String> exclude = new ArrayList<>();

    @Option(
            names = "--numeric",
            paramLabel = "COLUMN",
            split = ",",
            description = "These are numbers, whatever the first rows look like.")
    private List<String> numeric = new ArrayList<>();

    @Option(
            names = "--categorical",
            paramLabel = "COLUMN",
            split = ",",
            description = "These are names, even if they are written as numbers.")
    private List<String> categorical = new ArrayList<>();

    @Option(names = "--by", paramLabel = "COLUMN", description = "Compare within each value of this column too.")
    private Optional<String> by = Optional.empty();

    @Option(
            names = "--psi-warn",
            paramLabel = "PSI",
            defaultValue = "0.1",
            description = "Warn where PSI is shown to be above (default ${DEFAULT-VALUE}).")
    private double warn;

    @Option(
            names = "--psi-act",
            paramLabel = "PSI",
            defaultValue = "0.25",
            description = "Act where PSI is shown to be above (default ${DEFAULT-VALUE}).")
    private double act;

    @Option(
            names = "--effect",
            paramLabel = "SHARE",
            defaultValue = "0.1",
            description = "Warn where Kolmogorov-Smirnov's D or Cramér's V is at least this and not by chance (default "
                    + "${DEFAULT-VALUE}).")
    private double effect;

    @Option(
            names = "--alpha",
            paramLabel = "P",
            defaultValue = "0.05",
            description = "Chance of calling drifted what has not moved beyond a limit (default ${DEFAULT-VALUE}).")
    private double alpha;

    @Option(
            names = "--exact",
            paramLabel = "N",
            defaultValue = "50000",
            description = "Keep up to N numbers of a column as they are, at most 400000; beyond, count on a fine grid "
                    + "(default ${DEFAULT-VALUE}).")
    private int exact;

    @Option(
            names = "--fail-on",
            paramLabel = "SEVERITY",
            defaultValue = "never",
            description = "Exit with 1 on ${COMPLETION-CANDIDATES} (default ${DEFAULT-VALUE}).")
    private FailOn failOn = FailOn.NEVER;

    @Mixin
    private FileOptions files = new FileOptions();

    Drift(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (exact < 0 || exact > MOST_KEPT) {
            throw new BadInput("--exact " + exact + " must lie between 0 and " + MOST_KEPT + ".");
        }
        DriftLimits limits = new DriftLimits(warn, act, alpha, effect, DriftLimits.DEFAULT.apart());
        Output.check(files.out, List.of(baseline, current));
        DriftReport report = compare(limits);
        String written = switch (files.format()) {
            case TEXT -> DriftText.of(report);
            case JSON -> DriftJson.of(report);
            case HTML -> DriftHtml.of(report);
        };
        Output.write(files.out, written, terminal.out());
        return failOn.isMetBy(report.worst()) ? 1 : 0;
    }

    private DriftReport compare(DriftLimits limits) {
        Progress progress = terminal.progress();
        Table before = Inputs.open(baseline, files.table(), files.missing(), progress);
        Table now = Inputs.open(current, files.table(), files.missing(), progress);
        try (Rows first = before.rows();
                Rows second = now.rows()) {
            Rows sample = before.sample();
            sample.takeAsMissing(files.missing());
            Plan plan = Plan.of(sample, new Plan.Wishes(columns, exclude, numeric, categorical, by));
            plan.columns().forEach(column -> second.column(column.name()));
            plan.by().ifPresent(second::column);
            // A file each: neither waits for the other.
            FutureTask<FileCounts> counting = new FutureTask<>(() -> FileCounts.of(first, plan, exact));
            Thread.ofPlatform().daemon().name("baseline").start(counting);
            FileCounts counted = FileCounts.of(second, plan, exact);
            return DriftReport.of(result(counting), counted, limits);
        } finally {
            progress.end();
        }
    }

    private static FileCounts result(FutureTask<FileCounts> counting) {
        try {
            return counting.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadInput("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("counting the baseline failed", e);
        }
    }
}
