// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LivePageTest {
    @Test
    void theHeadShowsWhereTheRolloutStands() {
        LivePage.Head head = LivePage.of(Sample.data(), Sample.NOW).head();

        assertThat(head.phase()).isEqualTo("Canary");
        assertThat(head.tone()).isEqualTo(Tone.BUSY);
        assertThat(head.share()).isEqualTo("10\u00a0%");
        assertThat(head.clock().text()).isEqualTo("2\u00a0min 37\u00a0s");
        assertThat(head.clock().since()).isEqualTo("2026-11-21T12:04:40Z");
        assertThat(head.decided().time()).isEqualTo("12:04:40");
    }

    @Test
    void theLadderShowsPassedPresentAndNext() {
        List<Ladder.Step> steps = LivePage.of(Sample.data(), Sample.NOW).steps();

        assertThat(steps).extracting(Ladder.Step::state).containsExactly("done", "done", "current", "next");
        assertThat(steps.get(2).shortest().percent()).isEqualTo(157 * 100 / 240);
        assertThat(steps.get(1).share()).as("the name says it already").isEmpty();
        assertThat(steps.get(0).share()).isEqualTo("0\u00a0%");
    }

    @Test
    void aRolledBackRolloutShowsWhereItEndedAlthoughItsRowWentBackToShadow() {
        List<Rows.Decision> log = Sample.decisions();
        RolloutData base = Sample.rolledBackData();
        RolloutData data = new RolloutData(
                base.rollout(),
                List.of(),
                List.of(),
                false,
                List.of(),
                List.of(),
                log,
                List.of(),
                List.of(),
                base.books(),
                List.of());

        List<Ladder.Step> steps = LivePage.of(data, Sample.NOW).steps();

        assertThat(steps).extracting(Ladder.Step::state).containsExactly("done", "done", "failed", "next");
        assertThat(steps.get(2).tone()).isEqualTo(Tone.BAD);
        assertThat(LivePage.of(data, Sample.NOW).head().clock().since()).isEmpty();
    }

    @Test
    void aCompletedRolloutHasPassedEveryStage() {
        Rows.Rollout done = Sample.rollout(Sample.ID, "COMPLETED", 3, Optional.of("COMPLETED"), "Done.");

        assertThat(Ladder.steps(done, 3, Sample.NOW))
                .allMatch(step -> step.state().equals("done"));
        assertThat(Tone.ofPhase("COMPLETED")).isEqualTo(Tone.GOOD);
    }

    @Test
    void anUnreadablePlanShowsThePresentStageAlone() {
        Rows.Rollout canary = Sample.canary();
        Rows.Rollout planless = new Rows.Rollout(
                canary.tenant(),
                canary.id(),
                canary.workload(),
                canary.champion(),
                canary.challenger(),
                canary.phase(),
                2,
                "10 %",
                1_000,
                4,
                List.of(),
                canary.createdAt(),
                canary.stageSince(),
                canary.updatedAt(),
                Optional.empty(),
                "");

        assertThat(Ladder.steps(planless, 2, Sample.NOW))
                .singleElement()
                .satisfies(step -> assertThat(step.state()).isEqualTo("current"));
    }

    @Test
    void breachesComeFirstAndAreCounted() {
        List<GuardrailCard> cards =
                LivePage.of(Sample.rolledBackData(), Sample.NOW).guardrails();

        assertThat(cards.getFirst().word()).isEqualTo("Breach");
        assertThat(cards.getFirst().proof().percent()).isEqualTo(100);
        assertThat(GuardrailCard.sums(cards))
                .extracting(GuardrailCard.Sum::word, GuardrailCard.Sum::count)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("Breach", 1),
                        org.assertj.core.groups.Tuple.tuple("Safe", 1));
    }

    @Test
    void anUndecidedGuardrailSaysWhatItNeeds() {
        GuardrailCard card = card("calibration");

        assertThat(card.word()).isEqualTo("Undecided");
        assertThat(card.needs()).isEqualTo("needs about 1,940 more observations and 12 more devices");
        assertThat(card.proof().percent()).isEqualTo(21);
        assertThat(card("agreement").needs()).isEmpty();
        assertThat(card("agreement").proof().percent())
                .as("evidence for safety is none for a breach")
                .isZero();
    }

    @Test
    void aGuardrailWithoutEvidenceShowsNoNumber() {
        GuardrailCard card = card("win-share");

        assertThat(card.word()).isEqualTo("No evidence");
        assertThat(card.estimate()).isEqualTo("–");
        assertThat(card.bar()).isEmpty();
        assertThat(card.proof().shown()).isFalse();
    }

    @Test
    void aVerdictOfAnUnknownWordIsNoEvidence() {
        Rows.Verdict odd = new Rows.Verdict(
                "x",
                "X",
                "MAYBE",
                "served",
                OptionalDouble.of(2_000),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                1,
                1,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalDouble.of(1),
                OptionalDouble.of(0),
                "",
                Sample.NOW);

        GuardrailCard card = GuardrailCard.of(List.of(odd)).getFirst();

        assertThat(card.word()).isEqualTo("No evidence");
        assertThat(card.estimate()).isEqualTo("2,000");
        assertThat(card.proof().shown()).isFalse();
    }

    @Test
    void partitionsOfAStageAddUpAndEscalatedPairsDoNotCount() {
        Tally one = new Tally()
                .add(Measures.REQUESTS, 0, 10)
                .add(Measures.PAIRS, 0, 9)
                .add(Measures.PAIRS, 1, 1);
        List<Rows.Evidence> rows = List.of(
                new Rows.Evidence(0, 1, false, Rows.ALL, one),
                new Rows.Evidence(0, 1, false, Rows.ALL, one),
                new Rows.Evidence(
                        0,
                        1,
                        true,
                        Rows.ALL,
                        new Tally().add(Measures.REQUESTS, 0, 5).add(Measures.PAIRS, 1, 5)));

        Tables.StageLine line = Tables.stages(Sample.canary(), rows).getFirst();

        assertThat(line.requests()).isEqualTo("25");
        assertThat(line.pairs()).isEqualTo("20");
        assertThat(line.agreement()).isEqualTo("90\u00a0%");
        assertThat(line.p99()).as("too few for a percentile").isEqualTo("not enough data");
    }

    @Test
    void slicesKeepAttemptsAndFailuresApart() {
        Tally tally = new Tally().add(Measures.ATTEMPTS, 4, 40).add(Measures.ATTEMPTS, 5, 2);

        Tables.SliceLine line = Tables.slices(List.of(new Rows.Evidence(0, 1, false, "class=phone", tally)))
                .getFirst();

        assertThat(line.errors()).isEqualTo("2 of 40");
        assertThat(line.agreement()).isEqualTo("–");
        assertThat(line.accuracy()).isEqualTo("–");
    }

    @Test
    void theAccountNamesEveryTermAndAnImbalance() {
        Account whole = Account.of(Sample.books().accounts()).getFirst();
        Account broken = Account.of(List.of(new Rows.Account("observation", 1, 10, 8, 0, 0, 0, 0, 0, 0, 2)))
                .getFirst();

        assertThat(whole.balanced()).isTrue();
        assertThat(whole.recorded()).isEqualTo("12,031");
        assertThat(whole.parts()).extracting(Account.Part::word).doesNotContain("imbalance");
        assertThat(broken.balanced()).isFalse();
        assertThat(broken.parts().getLast().word()).isEqualTo("imbalance");
        assertThat(Account.deadLetters(Sample.books().counters()))
                .extracting(Account.Reason::reason)
                .containsExactly("decode", "not finite");
    }

    @Test
    void theListFiltersByOutcome() {
        List<Rows.Rollout> rollouts = List.of(Sample.canary(), Sample.rolledBack());

        assertThat(ids(rollouts, "all")).containsExactly(Sample.ID, Sample.OTHER);
        assertThat(ids(rollouts, "running")).containsExactly(Sample.ID);
        assertThat(ids(rollouts, "rolled-back")).containsExactly(Sample.OTHER);
        assertThat(ids(rollouts, "completed")).isEmpty();
        assertThat(ids(rollouts, "<script>")).hasSize(2);
        assertThat(RolloutList.newest(rollouts, "rolled-back")).isEqualTo(Sample.OTHER);
        assertThat(RolloutList.newest(rollouts, "completed")).isEqualTo(Sample.ID);
        assertThat(RolloutList.newest(List.of(), "all")).isEmpty();
    }

    @Test
    void theTagOfAFragmentIgnoresRunningClocksOnly() {
        String now = "<p><span data-since=\"2026\">1 s</span><progress data-clock value=\"10\"></progress>a</p>";

        assertThat(Etag.of(now)).isEqualTo(Etag.of(now.replace("1 s", "2 s").replace("\"10\"", "\"12\"")));
        assertThat(Etag.of(now)).isNotEqualTo(Etag.of(now.replace(">a<", ">b<")));
        assertThat(Etag.of("$1 \\")).hasSize(32);
    }

    @Test
    void aStageClockNeverRunsBackwards() {
        assertThat(Clock.running(Sample.NOW.plus(Duration.ofSeconds(3)), Sample.NOW)
                        .text())
                .isEqualTo("0\u00a0s");
    }

    private static List<String> ids(List<Rows.Rollout> rollouts, String filter) {
        return RolloutList.of(rollouts, filter, "", 200, Sample.NOW).entries().stream()
                .map(RolloutList.Entry::id)
                .toList();
    }

    private static GuardrailCard card(String guardrail) {
        return LivePage.of(Sample.data(), Sample.NOW).guardrails().stream()
                .filter(card -> card.id().equals("guardrail-" + guardrail))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void kappaTakesAwayWhatChanceGives() {
        Tally pairs = new Tally().add(Measures.PAIRS, 0, 77).add(Measures.PAIRS, 1, 23);
        assertThat(new Figures(pairs).kappa()).as("labels that nobody counted").isEmpty();

        pairs.add("pairs.labels.1", 4, 75).add("pairs.labels.1", -9, 25);
        pairs.add("pairs.labels.2", 4, 72).add("pairs.labels.2", -9, 28);
        assertThat(new Figures(pairs).kappa().orElseThrow())
                .isCloseTo((0.77 - 0.61) / 0.39, org.assertj.core.api.Assertions.within(1e-12));

        Tally same = new Tally().add(Measures.PAIRS, 0, 5);
        same.add("pairs.labels.1", 1, 5).add("pairs.labels.2", 1, 5);
        assertThat(new Figures(same).kappa()).as("one label only").isEmpty();
    }

    @Test
    void driftSaysWhatIsShownAndWhatIsOpen() {
        List<Tables.DriftLine> lines = LivePage.of(Sample.data(), Sample.NOW).drift();

        assertThat(lines).extracting(Tables.DriftLine::word).contains("Calm", "Warn", "Act");
        assertThat(lines.getFirst().verdict()).isEqualTo("open, about 640 more");
        assertThat(lines.getLast().shape()).startsWith("D 0.0");
        assertThat(lines.getFirst().missing()).isEqualTo("1.2\u00a0%, was 0\u00a0%");

        Rows.Score hollow = new Rows.Score(
                "text.length",
                5,
                2_000,
                3,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                "warn",
                "NO-EVIDENCE",
                OptionalLong.empty(),
                new Rows.Shape(OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty()),
                new Rows.Missing(OptionalDouble.of(0), OptionalDouble.of(0.9), OptionalDouble.of(1e-9)));
        Tables.DriftLine line = Tables.drift(List.of(hollow)).getFirst();
        assertThat(line.psi()).isEqualTo("not enough data");
        assertThat(line.shape()).isEqualTo("not enough data");
        assertThat(line.missing()).isEqualTo("90\u00a0%, was 0\u00a0%");
    }
}
