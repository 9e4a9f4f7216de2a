// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.TextUse;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.testkit.Await;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPlatform.class)
class JudgeRestIT {
    private static final String EXPORT = "/api/v1/exports/disagreements";

    private final Browser browser = new Browser();
    private final SecretsFolder.Secrets secrets;
    private final Database database;
    private final InstantSource clock;

    JudgeRestIT(SecretsFolder.Secrets secrets, Database database, InstantSource clock) {
        this.secrets = secrets;
        this.database = database;
        this.clock = clock;
    }

    @Test
    void aPersonFindsADisagreementJudgesItAndExportsIt() throws Exception {
        long minute = clock.millis() / 60_000 - 5;
        keep(minute);
        String id = "-~" + minute + "~0000000000000007";
        Await.until("the sample of the minute is closed", () -> queue().contains(id));
        String list = queue();

        assertThat(list).contains("\"id\":\"" + id + "\"", "\"request\":\"how much\"", "\"label\":\"balance\"");
        HttpResponse<String> judged = post("/api/v1/disagreements/" + id + "/verdict", """
                {"who": "ann", "verdict": "challenger"}""");
        assertThat(judged.statusCode()).as(judged.body()).isEqualTo(200);
        assertThat(judged.body()).contains("\"counted\":true");
        assertThat(queue()).contains("\"disagreements\":[]");
        HttpResponse<String> exported =
                browser.get(EXPORT + "?workload=queue&from=2020-01-01T00:00:00Z&to=2020-06-01T00:00:00Z", operator());
        assertThat(exported.statusCode()).isEqualTo(200);
        assertThat(exported.body()).isEmpty();
        exported = browser.get(
                EXPORT + "?format=jsonl&workload=queue&from=" + clock.instant().minusSeconds(3_600) + "&to="
                        + clock.instant(),
                operator());
        assertThat(exported.headers().firstValue("Content-Type").orElse("")).startsWith("application/x-ndjson");
        assertThat(exported.body()).endsWith("\"answer\":\"balance\"}\n").contains("\"by\":\"ann\"", "\"kept\":1");
    }

    @Test
    void nobodyWithoutTheTokenSeesOrJudgesAnything() {
        assertThat(browser.get("/api/v1/disagreements", Map.of()).statusCode()).isEqualTo(401);
        assertThat(browser.get(EXPORT + "?workload=queue", Map.of()).statusCode())
                .isEqualTo(401);
        assertThat(browser.post(
                                "/api/v1/disagreements/x/verdict",
                                "application/json",
                                "{}".getBytes(StandardCharsets.UTF_8),
                                Map.of())
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void aWrongRequestIsAProblemThatSaysWhatToDo() {
        HttpResponse<String> missing =
                post("/api/v1/disagreements/-~1~0000000000000001/verdict", "{\"who\": \"ann\", \"verdict\": \"tie\"}");

        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(missing.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        for (String query : new String[] {"", "?workload=queue&from=yesterday&to=now", "?workload=queue&format=csv"}) {
            assertThat(browser.get(EXPORT + query, operator()).statusCode()).isEqualTo(400);
        }
        assertThat(browser.get("/api/v1/disagreements?limit=1000", operator()).statusCode())
                .isEqualTo(400);
    }

    private void keep(long minute) throws SQLException {
        Observation observation = Observation.newBuilder()
                .setTenant("default")
                .setDevice("device-1")
                .setWorkload("queue")
                .setEventTimeMs(minute * 60_000)
                .setCohort(Cohort.COHORT_CONTROL)
                .setRequestText("how much")
                .addTextUses(TextUse.TEXT_USE_TRAINING)
                .addArms(Arm.newBuilder().setRole(Role.ROLE_CHAMPION).setLabel("transfer"))
                .addArms(Arm.newBuilder().setRole(Role.ROLE_CHALLENGER).setLabel("balance"))
                .build();
        // As a flush leaves it; the keeper moves it into the sample.
        database.transact(sql -> sql.update("""
                INSERT INTO evaluator.disagreement_delta
                       (tenant, rollout, workload, minute, stage, cohort, chance, observation)
                VALUES ('default', '', 'queue', ?, 0, 1, 7, ?)""", minute, observation.toByteArray()));
    }

    private String queue() {
        return browser.get("/api/v1/disagreements?workload=queue", operator()).body();
    }

    private HttpResponse<String> post(String path, String body) {
        return browser.post(path, "application/json", body.getBytes(StandardCharsets.UTF_8), operator());
    }

    private Map<String, String> operator() {
        return Map.of("Authorization", "Bearer " + secrets.operatorToken());
    }
}
