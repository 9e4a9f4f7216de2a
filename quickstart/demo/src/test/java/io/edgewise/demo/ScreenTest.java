// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private static final Instant BEGUN = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void drawsTheWholeStateInABlock() {
        assertThat(String.join("\n", Screen.block(running(), 120))).isEqualTo("""
                Edgewise demo · promote: a good INT4 build earns its way to 100 %

                  stage         10 % for 12 s
                  share         ██░░░░░░░░░░░░░░░░░░░░░░  10 %
                  agreement     93.2 % [92.1 %, 94.0 %], n = 12,345
                  p99 latency   frontier 182 ms · canary 850 µs
                  cost/request  frontier 400 µUSD · canary 2.0 µUSD
                  traffic       301 requests/s, 0 failed, 17 waiting in spools
                  observations  30,100 recorded, 30,083 counted · feedback 7,500 recorded, 7,499 counted
                  next          Latency p99 needs about 320 more observations
                  decision      promoted to 10 %: nothing speaks against it

                  note          all parts run

                  console       http://127.0.0.1:8080/rollouts/R
                                simulated network, demo price card; models, utterances and statistics are real""");
    }

    @Test
    void hasTheSameHeightAndFitsTheWidthWhateverTheState() {
        for (LiveState state : List.of(running(), waiting())) {
            for (int width : new int[] {20, 40, 80, 300}) {
                assertThat(Screen.block(state, width)).hasSize(16).allMatch(line -> line.length() <= width);
            }
        }
    }

    @Test
    void saysSoWhenThereIsNotEnoughData() {
        List<String> lines = Screen.block(waiting(), 120);

        assertThat(lines.get(2)).contains("waiting for the first order");
        assertThat(lines.get(4)).contains("not enough data yet");
        assertThat(lines.get(5)).contains("frontier not enough data yet · canary –");
        assertThat(lines.get(9)).contains("nothing to wait for");
        assertThat(lines.get(10)).contains("none yet");
    }

    @Test
    void putsEverythingOnOneLineForAPipe() {
        assertThat(Screen.line(running()))
                .isEqualTo("[1 min 40 s] 10 % for 12 s | agreement 93.2 % [92.1 %, 94.0 %], n = 12,345"
                        + " | p99 frontier 182 ms, canary 850 µs | cost frontier 400 µUSD, canary 2.0 µUSD"
                        + " | spool 17 | recorded 30,100, counted 30,083");
        assertThat(Screen.line(waiting())).doesNotContain("\n").endsWith("| the server does not answer");
    }

    @Test
    void wrapsALongDecisionAtSpaces() {
        assertThat(Words.wrap("one two three four five", 9, 2)).containsExactly("one two", "three fo…");
        assertThat(Words.wrap("short", 9, 2)).containsExactly("short");
        assertThat(Words.wrap("nospaceswhatsoever", 9, 2)).containsExactly("nospacesw", "hatsoever");
    }

    @Test
    void saysHowItEnded() {
        LiveState running = running();
        RolloutState rollout = running.rollout().orElseThrow();
        RolloutState ended = new RolloutState(
                rollout.id(),
                "completed",
                3,
                "100 %",
                10_000,
                rollout.stageSince(),
                Optional.of(Ending.COMPLETED),
                "done",
                "",
                List.of());

        assertThat(Screen.line(with(running, ended))).contains("completed at 100 %");
    }

    private static LiveState running() {
        RolloutState.Verdict agreement = new RolloutState.Verdict(
                "agreement", "Agreement", "SAFE", Optional.of(new Interval(0.932, 0.921, 0.94, 12_345)), 0, "");
        RolloutState.Verdict latency =
                new RolloutState.Verdict("latency-p99", "Latency p99", "UNDECIDED", Optional.empty(), 320, "");
        RolloutState.Verdict cost =
                new RolloutState.Verdict("cost", "Cost per request", "UNDECIDED", Optional.empty(), 20, "");
        RolloutState rollout = new RolloutState(
                "R",
                "canary",
                2,
                "10 %",
                1_000,
                BEGUN.plusSeconds(88),
                Optional.empty(),
                "promoted to 10 %: nothing speaks against it",
                "",
                List.of(agreement, latency, cost));
        return new LiveState(
                Scenario.PROMOTE,
                BEGUN.plusSeconds(100),
                BEGUN,
                301.2,
                Optional.of(rollout),
                new CohortFigures(29_000, OptionalDouble.of(182_000), OptionalDouble.of(400_000)),
                new CohortFigures(900, OptionalDouble.of(850), OptionalDouble.of(2_000)),
                new FleetFigures(30_120, 0, 0, 7_500, 30_100, 7_500, 17, 0),
                new CountedObservations(30_083, 0, 0, 0, 0, 0, 0, 0, 7_499),
                "http://127.0.0.1:8080/rollouts/R",
                "");
    }

    private static LiveState waiting() {
        return new LiveState(
                Scenario.BAD_QUANTIZATION,
                BEGUN,
                BEGUN,
                0,
                Optional.empty(),
                new CohortFigures(3, OptionalDouble.empty(), OptionalDouble.empty()),
                CohortFigures.NONE,
                new FleetFigures(3, 0, 0, 0, 3, 0, 3, 0),
                CountedObservations.NOTHING,
                "http://127.0.0.1:8080",
                "the server does not answer");
    }

    private static LiveState with(LiveState state, RolloutState rollout) {
        return new LiveState(
                state.scenario(),
                state.now(),
                state.begun(),
                state.requestsPerSecond(),
                Optional.of(rollout),
                state.control(),
                state.canary(),
                state.fleet(),
                state.counted(),
                state.console(),
                state.note());
    }
}
