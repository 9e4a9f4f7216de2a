// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import io.edgewise.demo.LiveState;
import io.edgewise.demo.Screen;
import io.edgewise.demo.Words;
import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Where the demo speaks. On a real terminal the view is drawn in place; otherwise, and in a dumb one, it is a line
/// every few seconds and at each decision.
final class Terminal {
    private static final Duration LINE_EVERY = Duration.ofSeconds(5);
    private static final int USUAL_WIDTH = 100;
    private static final int NARROWEST = 40;
    private static final String ERASE_LINE = "\u001b[K";

    private final PrintStream out;
    private final boolean interactive;
    private final int width;
    private int drawn;
    private Instant lastLine = Instant.EPOCH;
    private String lastDecision = "";

    private Terminal(PrintStream out, boolean interactive, int width) {
        this.out = out;
        this.interactive = interactive;
        this.width = width;
    }

    // The built-in console, the default again since Java 25, is null where nobody sits in front of it.
    @SuppressWarnings("SystemConsoleNull")
    static Terminal open(boolean headless) {
        Console console = System.console();
        String kind = System.getenv().getOrDefault("TERM", "dumb");
        boolean interactive = !headless && console != null && console.isTerminal() && !kind.equals("dumb");
        return new Terminal(System.out, interactive, Integer.getInteger("edgewise.columns", USUAL_WIDTH));
    }

    static Terminal plain(PrintStream out) {
        return new Terminal(out, false, USUAL_WIDTH);
    }

    synchronized void say(String message) {
        erase();
        out.println(message);
        out.flush();
    }

    synchronized void show(LiveState state) {
        if (interactive) {
            draw(Screen.block(state, Math.max(width - 1, NARROWEST)));
        } else {
            line(state);
        }
    }

    private void line(LiveState state) {
        String decision = state.rollout().map(rollout -> rollout.lastDecision()).orElse("");
        if (!decision.isBlank() && !decision.equals(lastDecision)) {
            lastDecision = decision;
            out.println("[" + Words.time(state.running()) + "] decision: " + decision);
        }
        if (Duration.between(lastLine, state.now()).compareTo(LINE_EVERY) >= 0) {
            lastLine = state.now();
            out.println(Screen.line(state));
        }
        out.flush();
    }

    private void draw(List<String> lines) {
        StringBuilder picture = new StringBuilder();
        if (drawn > 0) {
            picture.append("\u001b[").append(drawn).append('A');
        }
        for (String line : lines) {
            picture.append('\r').append(line).append(ERASE_LINE).append('\n');
        }
        drawn = lines.size();
        out.print(picture);
        out.flush();
    }

    /// Leaves the picture where it is; what is said next stands below.
    synchronized void keep() {
        drawn = 0;
    }

    /// Takes the picture away; what is said next stands in its place.
    private void erase() {
        if (drawn > 0) {
            out.print("\u001b[" + drawn + "A\r\u001b[J");
            drawn = 0;
        }
    }
}
