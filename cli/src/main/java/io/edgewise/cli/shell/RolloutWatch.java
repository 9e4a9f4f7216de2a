// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.cli.shell.remote.Told;
import io.edgewise.cli.table.BadInput;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Follows a rollout until it is over. Where the stream of decisions breaks it is opened again at the place up to which
/// it was heard; and each time the rollout is read only when the stream is open, so that no decision, and no end, falls
/// between the two.
final class RolloutWatch {
    static final int COMPLETED = 0;
    static final int CALLED_BACK = 1;

    /// The server says something every 15 s.
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private static final long FIRST_PAUSE_MS = 500;
    private static final long LONGEST_PAUSE_MS = 5_000;

    private final Asking server;
    private final Terminal terminal;
    private final String rollout;
    private final Duration patience;
    private String place = "";
    private boolean shown;
    private boolean broken;
    private long brokenAt;
    private long pause = FIRST_PAUSE_MS;

    RolloutWatch(Asking server, Terminal terminal, String rollout, Duration patience) {
        this.server = server;
        this.terminal = terminal;
        this.rollout = rollout;
        this.patience = patience;
    }

    /// The exit code.
    int follow() {
        while (true) {
            String why = "the server ended the stream of decisions";
            try (EventLines lines = server.events("/api/v1/decisions/stream?rollout=" + rollout, place, SILENCE)) {
                OptionalInt code = read(lines);
                if (code.isPresent()) {
                    return code.getAsInt();
                }
            } catch (BadInput e) {
                if (!shown || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                why = String.valueOf(e.getMessage());
            }
            comeBack(why);
        }
    }

    /// Empty where the stream ended before the rollout did.
    private OptionalInt read(EventLines lines) {
        JsonNode now = read();
        boolean over = now.hasNonNull("outcome");
        if (!shown || over) {
            print(now, Told.rollout(now));
            shown = true;
        }
        if (over) {
            return OptionalInt.of(code(now));
        }
        String id = place;
        StringBuilder data = new StringBuilder();
        for (Optional<String> next = lines.next(); next.isPresent(); next = lines.next()) {
            broken = false;
            String line = next.get();
            if (line.startsWith("id:")) {
                id = line.substring(3).strip();
            } else if (line.startsWith("data:")) {
                data.append(line.substring(5)).append('\n');
            } else if (line.isEmpty()) {
                // Only what came whole was heard.
                place = id;
                if (!data.isEmpty()) {
                    OptionalInt code = decided(Asking.parse(data.toString()));
                    if (code.isPresent()) {
                        return code;
                    }
                    data.setLength(0);
                }
            }
        }
        return OptionalInt.empty();
    }

    private OptionalInt decided(JsonNode decision) {
        pause = FIRST_PAUSE_MS;
        print(decision, Told.decision(decision) + "\n");
        JsonNode now = read();
        if (!now.hasNonNull("outcome")) {
            return OptionalInt.empty();
        }
        print(now, "");
        return OptionalInt.of(code(now));
    }

    private JsonNode read() {
        return server.get("/api/v1/rollouts/" + rollout);
    }

    private static int code(JsonNode over) {
        return over.path("outcome").asText().equals("completed") ? COMPLETED : CALLED_BACK;
    }

    private void print(JsonNode line, String text) {
        terminal.out().print(server.json() ? line + "\n" : text);
        terminal.out().flush();
    }

    private void comeBack(String why) {
        long now = terminal.clock().getAsLong();
        if (!broken) {
            broken = true;
            brokenAt = now;
        }
        long left = patience.toMillis() - TimeUnit.NANOSECONDS.toMillis(now - brokenAt);
        if (left <= 0) {
            throw new BadInput("the rollout is lost from sight, not over: " + why + "; run it again to go on watching");
        }
        if (terminal.watched()) {
            terminal.err().println(why + "; trying again");
        }
        try {
            if (new Semaphore(0).tryAcquire(Math.min(pause, left), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("nobody gives a permit");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BadInput("interrupted", e);
        }
        pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    }
}
