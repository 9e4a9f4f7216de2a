// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import io.edgewise.demo.CommandLine;
import io.edgewise.demo.DemoOptions;
import java.util.List;

/// `./edgewise demo`
public final class Main {
    private static final int ENDED_WELL = 0;
    private static final int ENDED_BADLY = 1;
    private static final int BAD_USAGE = 2;
    private static final int STOPPED = 130;

    private Main() {}

    public static void main(String[] arguments) {
        int status = switch (CommandLine.parse(List.of(arguments))) {
            case CommandLine.Parsed.Help help -> {
                System.out.print(CommandLine.HELP);
                yield ENDED_WELL;
            }
            case CommandLine.Parsed.Bad bad -> {
                bad.faults().forEach(fault -> System.err.println("edgewise demo: " + fault));
                System.err.println("edgewise demo --help says what there is");
                yield BAD_USAGE;
            }
            case CommandLine.Parsed.Run run -> run(run.options());
        };
        // Libraries leave threads behind that would keep the process alive.
        System.exit(status);
    }

    private static int run(DemoOptions options) {
        Terminal terminal = Terminal.open(options.headless());
        StopRequest stop = new StopRequest();
        Signals.onStop(stop::make);
        try {
            return new Demo(options, Home.find(), terminal, stop).run() ? ENDED_WELL : ENDED_BADLY;
        } catch (DemoFailure e) {
            System.err.println("edgewise demo: " + e.getMessage());
            return ENDED_BADLY;
        } catch (RuntimeException e) {
            System.err.println(
                    "edgewise demo: stopped by a fault of its own, please report it with what follows: " + e);
            e.printStackTrace();
            return ENDED_BADLY;
        } catch (StopRequest.Stopped e) {
            return STOPPED;
        }
    }
}
