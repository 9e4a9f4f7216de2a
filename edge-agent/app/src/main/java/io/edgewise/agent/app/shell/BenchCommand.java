// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.app.config.Settings;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/// `edgewise-agent bench`
@Command(
        name = "bench",
        description = "measure the models of this device; the agent tells the server when it starts next")
final class BenchCommand implements Callable<Integer> {
    @CommandLine.ParentCommand
    private Main main = new Main();

    @CommandLine.Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--requests", defaultValue = "5000", description = "per model; ${DEFAULT-VALUE}")
    private int requests = 5_000;

    @Option(names = "--json", description = "print JSON instead of a table")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        if (requests < 1 || requests > 10_000_000) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--requests must be from 1 to 10000000, not " + requests);
        }
        Settings settings = main.settings();
        LogLines.install(new Settings.Log(false, "error"));
        PrintWriter out = spec.commandLine().getOut();
        Benchmark benchmark = new Benchmark(settings, requests, Backend.SYSTEM);
        List<Benchmark.Figures> figures = benchmark.run();
        String result = Benchmark.json(figures, benchmark.battery());
        if (json) {
            out.println(result);
        } else {
            figures.forEach(each -> table(out, each));
        }
        BenchReport.keep(settings.identity().folder(), result);
        out.flush();
        return 0;
    }

    private static void table(PrintWriter out, Benchmark.Figures figures) {
        out.println(figures.build() + " (" + figures.runtime() + ")");
        row(out, "load", "ms", OptionalDouble.of(figures.loadMs()));
        row(out, "size", "bytes", decimal(figures.modelBytes()));
        row(out, "peak memory", "bytes", decimal(figures.memoryBytes()));
        row(out, "p50", "µs", figures.p50Us());
        row(out, "p99", "µs", figures.p99Us());
        row(out, "one thread", "requests/s", figures.perSecond());
        row(out, "first token", "ms", figures.firstTokenMs());
        row(out, "prefill", "tokens/s", figures.prefillTokensPerSecond());
        row(out, "decode", "tokens/s", figures.decodeTokensPerSecond());
        row(out, "energy", "µJ/request", figures.energyUj());
        row(out, "battery", "‰ per 1,000 requests", perMille(figures.batteryPercent()));
    }

    private static OptionalDouble perMille(OptionalDouble percent) {
        return percent.isPresent() ? OptionalDouble.of(percent.getAsDouble() * 10) : percent;
    }

    private static OptionalDouble decimal(OptionalLong value) {
        return value.isPresent() ? OptionalDouble.of((double) value.getAsLong()) : OptionalDouble.empty();
    }

    /// What nobody knows has no row.
    private static void row(PrintWriter out, String name, String unit, OptionalDouble value) {
        value.ifPresent(known -> out.println(String.format(Locale.ROOT, "  %-12s %,14.1f %s", name, known, unit)));
    }
}
