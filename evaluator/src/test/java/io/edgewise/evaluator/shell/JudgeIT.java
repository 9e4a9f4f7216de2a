// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.TextUse;
import io.edgewise.evaluator.KeptTable;
import io.edgewise.evaluator.Retention;
import io.edgewise.evaluator.Samples;
import io.edgewise.evaluator.shell.judge.Configs;
import io.edgewise.evaluator.shell.judge.DisagreementBodies.Page;
import io.edgewise.evaluator.shell.judge.DisagreementDesk;
import io.edgewise.evaluator.shell.judge.Export;
import io.edgewise.evaluator.shell.judge.JudgeStation;
import io.edgewise.evaluator.shell.judge.StubJudge;
import io.edgewise.runtime.rest.Problem;
import io.edgewise.testkit.Await;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PlatformExtension.class)
class JudgeIT {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Stratum SHADOW = new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, "all");
    private static final Stratum CANARY = new Stratum(2, Cohort.COHORT_CANARY, 10_000, false, "all");
    private static final String SECRET = "canary-4711-private";

    private final long nowMs = CLOCK.millis();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private Observation.Builder pair(long seq, TextUse... uses) {
        return Samples.pair("device-1", seq, nowMs - 5 * 60_000)
                .clearArms()
                .addArms(Samples.champion("transfer"))
                .addArms(Samples.challenger("balance", 0.9))
                .setComparison(Samples.agreement(false))
                .setRequestText("how much do I have\u2028=cmd()\u0007")
                .addAllTextUses(List.of(uses));
    }

    private static void keep(Ground ground, long chance, Observation observation) throws SQLException {
        long minute = observation.getEventTimeMs() / 60_000;
        ground.database().transact(sql -> {
            Partitions.ensure(sql, KeptTable.DISAGREEMENT, List.of(minute));
            return sql.update(
                    """
                    INSERT INTO evaluator.disagreement
                           (tenant, rollout, workload, minute, stage, cohort, chance, observation)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                    observation.getTenant(),
                    Samples.ROLLOUT,
                    Samples.WORKLOAD,
                    minute,
                    observation.getStage(),
                    observation.getCohortValue(),
                    chance,
                    observation.toByteArray());
        });
    }

    private JudgeStation station(Ground ground, Map<String, String> config) {
        return new JudgeStation(
                ground.database(), ground.kafka(Map.of()), Samples.SECRETS, CLOCK, Configs.of(config), meters);
    }

    private static void judged(Ground ground, long rows) throws Exception {
        Await.until(
                "all are judged and sent",
                () -> ground.number("SELECT count(*) FROM evaluator.published_judgement"
                                + " WHERE NOT counted OR sent_at IS NOT NULL")
                        == rows);
    }

    private static String text(Ground ground, String query) throws SQLException {
        return ground.database()
                .read(sql -> sql.list(query, row -> row.getString(1)))
                .toString();
    }

    @Test
    void aVerdictIsCountedOnceAndWhatMayNotBeJudgedNeverLeaves(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform);
                StubJudge judge = StubJudge.preferring("balance")) {
            keep(
                    ground,
                    1,
                    pair(1, TextUse.TEXT_USE_JUDGE)
                            .setStage(CANARY.stage())
                            .setCohort(CANARY.cohort())
                            .build());
            keep(
                    ground,
                    2,
                    pair(2, TextUse.TEXT_USE_TRAINING).setRequestText(SECRET).build());
            keep(ground, 3, pair(3, TextUse.TEXT_USE_JUDGE).clearRequestText().build());
            keep(
                    ground,
                    4,
                    pair(4, TextUse.TEXT_USE_JUDGE)
                            .setTenant("other")
                            .setRequestText(SECRET)
                            .build());
            JudgeStation station = station(ground, judge.config());
            station.start(true, Retention.DEFAULT);
            judged(ground, 3);

            assertThat(judge.bodies()).hasSize(2).noneMatch(body -> body.contains(SECRET));
            assertThat(text(
                            ground,
                            "SELECT verdict || ' ' || judge || ' ' || prompt || ' ' || consistent || ' '"
                                    + " || cost_nanos FROM evaluator.published_judgement WHERE verdict IS NOT NULL"))
                    .isEqualTo("[challenger judge-7b judge-7b-0613@fp_1 edgewise/1 true 42000]");
            assertThat(text(
                            ground,
                            "SELECT reason FROM evaluator.published_judgement WHERE verdict IS NULL"
                                    + " ORDER BY reason"))
                    .isEqualTo("[not judgeable: no consent to a judge, not judgeable: no text]");
            assertThat(meters.get("edgewise.judge.not.judgeable")
                            .functionCounter()
                            .count())
                    .isEqualTo(2);
            EvaluatorLoop loop = ground.loop(ground.source(), CLOCK);
            ground.drain(loop);
            assertThat(ground.evidence(CANARY).get(Measures.WINS, 0)).isEqualTo(1);
            // In the stage, the cohort and the minute of its answer, and in no other.
            assertThat(ground.number("SELECT count(DISTINCT minute) FROM evaluator.published_window"))
                    .isEqualTo(1);
            assertThat(ground.windows(CANARY.stage(), CANARY.cohort(), Stratum.ALL))
                    .extractingByKey((nowMs - 5 * 60_000) / 60_000)
                    .satisfies(tally -> assertThat(tally.get(Measures.WINS, 0)).isEqualTo(1));
            assertThat(ground.evidence(SHADOW).measures()).isEmpty();

            // As after a crash between sending and marking.
            ground.database().transact(sql -> sql.update("UPDATE evaluator.judgement SET sent_at = NULL"));
            judged(ground, 3);
            ground.drain(loop);
            assertThat(ground.evidence(CANARY).get(Measures.WINS, 0)).isEqualTo(1);
            assertThat(ground.counters()).containsEntry("duplicates", 1L);
            station.stop();
            assertThat(judge.bodies()).hasSize(2);
        }
    }

    @Test
    void aJudgeThatPrefersAPlaceGivesATieAndGarbageNone(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform);
                StubJudge judge = new StubJudge((body, before) -> switch (before) {
                    case 0, 1 -> StubJudge.said("1");
                    case 2 -> new StubJudge.Answer(503, "");
                    case 3 -> StubJudge.said("both-wrong");
                    case 4 -> new StubJudge.Answer(503, "");
                    case 5 -> StubJudge.said("both-wrong");
                    default -> new StubJudge.Answer(200, "<html>");
                })) {
            keep(ground, 1, pair(1, TextUse.TEXT_USE_JUDGE).build());
            keep(ground, 2, pair(2, TextUse.TEXT_USE_JUDGE).build());
            keep(ground, 3, pair(3, TextUse.TEXT_USE_JUDGE).build());
            JudgeStation station = station(ground, judge.config());
            station.start(true, Retention.DEFAULT);
            judged(ground, 3);

            assertThat(text(
                            ground,
                            "SELECT verdict || ' ' || consistent || ' ' || champion_first || ' '"
                                    + " || challenger_first FROM evaluator.published_judgement"
                                    + " WHERE verdict IS NOT NULL ORDER BY chance"))
                    .isEqualTo("[tie false 1 1, both-wrong true both-wrong both-wrong]");
            assertThat(text(ground, "SELECT reason FROM evaluator.published_judgement WHERE verdict IS NULL"))
                    .isEqualTo("[the judge's answer is not a JSON object]");
            assertThat(judge.bodies())
                    .as("what was answered is not asked again")
                    .hasSize(7);
            assertThat(station.health().up()).isTrue();
            station.stop();
            ground.drain(ground.loop(ground.source(), CLOCK));
            assertThat(ground.evidence(SHADOW).get(Measures.WINS, 3)).isEqualTo(1);
            assertThat(ground.evidence(SHADOW).get(Measures.WINS, 2)).isEqualTo(1);
            assertThat(ground.evidence(SHADOW).sum(Measures.WINS)).isEqualTo(2);
            assertThat(ground.evidence(SHADOW).get(Measures.TRUTH, 4))
                    .as("a tie says nothing of right and wrong")
                    .isEqualTo(1);
        }
    }

    @Test
    void theDailyCapIsNeverExceededAndHealthSaysSo(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform);
                StubJudge judge = StubJudge.preferring("balance")) {
            for (int i = 1; i <= 40; i++) {
                keep(ground, i, pair(i, TextUse.TEXT_USE_JUDGE).build());
            }
            Map<String, String> config = judge.config();
            config.put("edgewise.judge.daily-cap", "0.001");
            JudgeStation station = station(ground, config);
            station.start(true, Retention.DEFAULT);
            Await.until(
                    "the cap is reached", () -> station.health().detail().contains("daily cap for voice-ivr-intent"));
            station.stop();

            assertThat(ground.number("SELECT sum(cost_nanos) FROM evaluator.judge_spending"))
                    .isBetween(42_000L, 1_000_000L)
                    .isEqualTo(21_000L * judge.bodies().size());
            assertThat(ground.number("SELECT count(*) FROM evaluator.judgement"))
                    .isBetween(1L, 39L)
                    .isEqualTo(judge.bodies().size() / 2);
        }
    }

    @Test
    void ofTwoProcessesOneAsksAndTheOtherTakesOverWhenItStops(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform);
                StubJudge judge = StubJudge.preferring("balance")) {
            for (int i = 1; i <= 20; i++) {
                keep(ground, i, pair(i, TextUse.TEXT_USE_JUDGE).build());
            }
            JudgeStation one = station(ground, judge.config());
            JudgeStation two = new JudgeStation(
                    ground.database(),
                    ground.kafka(Map.of()),
                    Samples.SECRETS,
                    CLOCK,
                    Configs.of(judge.config()),
                    new SimpleMeterRegistry());
            one.start(true, Retention.DEFAULT);
            two.start(true, Retention.DEFAULT);
            judged(ground, 20);
            one.stop();
            for (int i = 21; i <= 30; i++) {
                keep(ground, i, pair(i, TextUse.TEXT_USE_JUDGE).build());
            }
            judged(ground, 30);
            two.stop();

            assertThat(judge.bodies()).hasSize(60);
            ground.drain(ground.loop(ground.source(), CLOCK));
            assertThat(ground.evidence(SHADOW).sum(Measures.WINS)).isEqualTo(30);
            assertThat(ground.number("SELECT max(seq) FROM evaluator.judgement"))
                    .isEqualTo(30);
        }
    }

    @Test
    void peopleJudgeThroughTheQueueAndTheFirstVerdictCounts(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform);
                StubJudge judge = StubJudge.preferring("balance")) {
            keep(ground, 1, pair(1, TextUse.TEXT_USE_JUDGE).build());
            keep(ground, 2, pair(2).build());
            keep(ground, 3, pair(3).setTenant("other").build());
            JudgeStation station = station(ground, judge.config());
            station.start(true, Retention.DEFAULT);
            judged(ground, 2);
            DisagreementDesk desk =
                    new DisagreementDesk(ground.database(), Samples.SECRETS, Configs.of(Map.of()), CLOCK);
            Page first = desk.list(new DisagreementDesk.Asked(null, null, null, null, null, 1, null));
            Page second = desk.list(new DisagreementDesk.Asked(null, null, null, null, null, 1, first.next()));
            String one = first.disagreements().getFirst().id();
            String two = second.disagreements().getFirst().id();

            assertThat(one).endsWith("~0000000000000001");
            assertThat(first.disagreements().getFirst().verdicts())
                    .as("nobody is told")
                    .isNull();
            assertThat(desk.judge(one, "{\"who\": \"ann\", \"verdict\": \"champion\"}")
                            .counted())
                    .isFalse();
            assertThat(desk.judge(two, "{\"who\": \"ann\", \"truth\": \"balance\"}")
                            .counted())
                    .isTrue();
            assertThat(desk.judge(two, "{\"who\": \"ann\", \"verdict\": \"challenger\"}")
                            .counted())
                    .isTrue();
            assertThatThrownBy(() -> desk.judge(two, "{\"who\": \"bob\", \"verdict\": \"tie\"}"))
                    .isInstanceOfSatisfying(
                            Problem.class, no -> assertThat(no.status()).isEqualTo(409));
            for (String bad : List.of(
                    "{\"who\": \"ann\"}",
                    "{\"verdict\": \"tie\"}",
                    "{\"who\": \"ann\", \"verdict\": \"left\"}",
                    "{\"who\": \"ann\", \"verdict\": \"tie\", \"more\": 1}",
                    "<html>")) {
                assertThatThrownBy(() -> desk.judge(one, bad))
                        .isInstanceOfSatisfying(
                                Problem.class, no -> assertThat(no.status()).isEqualTo(400));
            }
            assertThatThrownBy(() -> desk.judge(
                            one.substring(0, one.length() - 1) + "3", "{\"who\": \"a\", \"verdict\": \"tie\"}"))
                    .isInstanceOfSatisfying(
                            Problem.class, no -> assertThat(no.status()).isEqualTo(404));
            judged(ground, 4);
            station.stop();
            assertThat(desk.list(new DisagreementDesk.Asked(null, null, null, null, null, null, null))
                            .disagreements())
                    .isEmpty();
            assertThat(desk.list(new DisagreementDesk.Asked(null, null, null, null, "all", null, null))
                            .disagreements())
                    .hasSize(2);
            ground.drain(ground.loop(ground.source(), CLOCK));
            assertThat(ground.evidence(SHADOW).get(Measures.WINS, 0)).isEqualTo(2);
            assertThat(ground.evidence(SHADOW).sum(Measures.WINS)).isEqualTo(2);
            assertThat(text(ground, """
                    SELECT count(*) || ' ' || count(*) FILTER (WHERE j.verdict = p.verdict)
                      FROM evaluator.published_judgement j
                      JOIN evaluator.published_judgement p USING (tenant, workload, rollout, minute, chance)
                     WHERE j.source = 'judge' AND p.source = 'people' AND j.verdict IS NOT NULL""")).isEqualTo("[1 0]");
        }
    }

    @Test
    void whatIsExportedMayTrainIsLabelledAndSaysWhereItIsFrom(Platform platform) throws Exception {
        try (Ground ground = new Ground(platform)) {
            Arm edge = Samples.challenger("balance", 0.9).toBuilder()
                    .setEdge(io.edgewise.contracts.v1.EdgeBuild.newBuilder()
                            .setBuild("intent-2")
                            .setArtifactSha256("ab"))
                    .build();
            for (int i = 1; i <= 250; i++) {
                keep(
                        ground,
                        i,
                        pair(i, TextUse.TEXT_USE_TRAINING).setArms(1, edge).build());
            }
            keep(
                    ground,
                    251,
                    pair(251, TextUse.TEXT_USE_JUDGE).setRequestText(SECRET).build());
            keep(
                    ground,
                    252,
                    pair(252, TextUse.TEXT_USE_TRAINING).setRequestText(SECRET).build());
            keep(
                    ground,
                    253,
                    pair(253, TextUse.TEXT_USE_TRAINING)
                            .setTenant("other")
                            .setRequestText(SECRET)
                            .build());
            DisagreementDesk desk =
                    new DisagreementDesk(ground.database(), Samples.SECRETS, Configs.of(Map.of()), CLOCK);
            String after = null;
            do {
                Page page = desk.list(new DisagreementDesk.Asked(null, null, null, null, "all", 200, after));
                page.disagreements().stream()
                        .filter(each -> !each.id().endsWith("fc"))
                        .forEach(each -> desk.judge(each.id(), "{\"who\": \"ann\", \"verdict\": \"challenger\"}"));
                after = page.next();
            } while (after != null);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            long minute = nowMs / 60_000;
            long lines = new Export(ground.database(), Configs.of(Map.of()))
                    .write(new Export.Range(Samples.WORKLOAD, minute - 10, minute), out);
            String exported = out.toString(StandardCharsets.UTF_8);

            assertThat(lines).isEqualTo(250);
            assertThat(exported).doesNotContain(SECRET, "\u2028", "\u0007").matches("(?s)\\p{ASCII}*");
            assertThat(exported.lines())
                    .hasSize(250)
                    .allSatisfy(line -> assertThat(line)
                            .startsWith("{\"id\":\"" + Samples.ROLLOUT)
                            .contains(
                                    "\"request\":\"how much do I have\\u2028=cmd()\\u0007\"",
                                    "\"rule\":\"same-label/1\"",
                                    "\"revision\":7",
                                    "\"consent\":[\"training\"]",
                                    "\"ran\":{\"build\":\"intent-2\",\"artifactSha256\":\"ab\"}",
                                    "\"label\":{\"source\":\"people\",\"by\":\"ann\",\"verdict\":\"challenger\"",
                                    "\"sample\":{\"kept\":252}",
                                    "\"answer\":\"balance\"}"));
        }
    }
}
