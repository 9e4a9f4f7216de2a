// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the demo's command line: `--name value` or `--name=value`, in any order; the last one wins.
public final class CommandLine {
    /// The launcher reads this text from here, so that it can say it before anything is built: no escapes, no
    /// substitutions, and every option on a line of its own.
    public static final String HELP = """
            Usage: ./edgewise demo [options]

            Starts Kafka, PostgreSQL, the server, a frontier and a fleet of simulated devices on this
            machine, and rolls a quantized model out before your eyes. Needs no account and no network.

              --scenario NAME    promote (default): a good INT4 build earns its way to 100 %
                                 bad-quantization: a badly quantized build is rolled back by itself
              --devices N        simulated devices, 50 users each (default 64)
              --speed X          scales the request rate and the plan's times (default 1.0: 300 requests/s);
                                 never a clock, window, lease or latency
              --temperature T    of the frontier, 0 to 2 (default 0.3: 2.4 % self-disagreement)
              --headless         no live view; ends by itself, with status 0 only if the scenario ended as it should
              --no-browser       do not open the console in a browser
              --port P           of the console (default 8080; the next free one when it is taken)
              --data FOLDER      where Kafka, PostgreSQL, devices and logs live (default .edgewise/demo in the project)
              --ephemeral        in a fresh temporary folder, removed at the end
              --help             this text

            The network is simulated and the price card is the demo's; models, utterances, broker, database
            and statistics are real.
            """;

    private static final int MOST_DEVICES = 1_000;
    private static final double SLOWEST = 0.1;
    private static final double FASTEST = 10;
    private static final double HOTTEST = 2;

    private Scenario scenario;
    private int devices;
    private double speed;
    private double temperature;
    private int port;
    private Path data;
    private boolean headless;
    private boolean ephemeral;
    private boolean browser;
    private boolean folderGiven;

    private CommandLine() {
        DemoOptions defaults = DemoOptions.defaults();
        scenario = defaults.scenario();
        devices = defaults.devices();
        speed = defaults.speed();
        temperature = defaults.temperature();
        port = defaults.port();
        data = defaults.data();
        headless = defaults.headless();
        ephemeral = defaults.ephemeral();
        browser = defaults.browser();
    }

    /// What a command line means.
    public sealed interface Parsed {
        record Run(DemoOptions options) implements Parsed {}

        record Help() implements Parsed {}

        record Bad(List<String> faults) implements Parsed {
            public Bad {
                faults = List.copyOf(faults);
            }
        }
    }

    public static Parsed parse(List<String> arguments) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            return new Parsed.Help();
        }
        CommandLine line = new CommandLine();
        List<String> faults = new ArrayList<>();
        int next = 0;
        while (next < arguments.size()) {
            next = line.take(arguments, next, faults);
        }
        if (line.ephemeral && line.folderGiven) {
            faults.add("--ephemeral uses a folder of its own; leave out --data or --ephemeral");
        }
        return faults.isEmpty() ? new Parsed.Run(line.options()) : new Parsed.Bad(faults);
    }

    /// Takes the option at `at` and returns where the next one starts.
    private int take(List<String> arguments, int at, List<String> faults) {
        String argument = arguments.get(at);
        int equals = argument.indexOf('=');
        String name = argument.startsWith("--") && equals > 0 ? argument.substring(0, equals) : argument;
        Optional<String> attached =
                name.equals(argument) ? Optional.empty() : Optional.of(argument.substring(equals + 1));
        return switch (name) {
            case "--headless", "--ephemeral", "--no-browser" -> {
                attached.ifPresent(value -> faults.add(name + " takes no value, but got \"" + value + "\""));
                flag(name);
                yield at + 1;
            }
            case "--scenario", "--devices", "--speed", "--temperature", "--port", "--data" -> {
                if (attached.isPresent()) {
                    value(name, attached.get(), faults);
                    yield at + 1;
                }
                if (at + 1 == arguments.size() || arguments.get(at + 1).startsWith("--")) {
                    faults.add(name + " needs a value");
                    yield at + 1;
                }
                value(name, arguments.get(at + 1), faults);
                yield at + 2;
            }
            default -> {
                faults.add("unknown option \"" + argument + "\"");
                yield at + 1;
            }
        };
    }

    private void flag(String name) {
        switch (name) {
            case "--headless" -> headless = true;
            case "--ephemeral" -> ephemeral = true;
            default -> browser = false;
        }
    }

    private void value(String name, String text, List<String> faults) {
        switch (name) {
            case "--scenario" ->
                Scenario.named(text)
                        .ifPresentOrElse(
                                found -> scenario = found,
                                () -> faults.add("--scenario \"" + text + "\" is unknown; there are "
                                        + String.join(", ", Scenario.names())));
            case "--devices" -> whole(name, text, 1, MOST_DEVICES, faults).ifPresent(number -> devices = number);
            case "--port" -> whole(name, text, 1, 65_535, faults).ifPresent(number -> port = number);
            case "--speed" -> decimal(name, text, SLOWEST, FASTEST, faults).ifPresent(number -> speed = number);
            case "--temperature" -> decimal(name, text, 0, HOTTEST, faults).ifPresent(number -> temperature = number);
            default -> folder(text, faults);
        }
    }

    private void folder(String text, List<String> faults) {
        folderGiven = true;
        try {
            data = Path.of(text);
            if (text.isBlank()) {
                faults.add("--data is empty; name a folder");
            }
        } catch (InvalidPathException e) {
            faults.add("--data \"" + text + "\" is not a folder's name: " + e.getReason());
        }
    }

    private static Optional<Integer> whole(String name, String text, int least, int most, List<String> faults) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return Optional.of(number);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        faults.add(name + " \"" + text + "\" must be a whole number from " + least + " to " + most);
        return Optional.empty();
    }

    private static Optional<Double> decimal(String name, String text, double least, double most, List<String> faults) {
        try {
            double number = Double.parseDouble(text);
            if (number >= least && number <= most) {
                return Optional.of(number);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        faults.add(name + " \"" + text + "\" must be a number from " + Words.decimal(least) + " to "
                + Words.decimal(most));
        return Optional.empty();
    }

    private DemoOptions options() {
        return new DemoOptions(scenario, devices, speed, temperature, port, data, headless, ephemeral, browser);
    }
}
