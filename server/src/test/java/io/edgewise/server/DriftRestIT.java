// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.testkit.Await;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPlatform.class)
class DriftRestIT {
    private static final String HOLD = "open finding of severity act on confidence";

    private final Browser browser = new Browser();
    private final SecretsFolder.Secrets secrets;
    private final Database database;
    private final InstantSource clock;

    DriftRestIT(SecretsFolder.Secrets secrets, Database database, InstantSource clock) {
        this.secrets = secrets;
        this.database = database;
        this.clock = clock;
    }

    @Test
    void anOperatorUploadsABaselineAndFindsIt() {
        HttpResponse<String> made = post("/api/v1/drift/baselines", """
                {"workload": "voice", "who": "ann", "source": "spring", "features": [
                  {"feature": "label", "cells": [
                    {"category": "timer", "count": 900}, {"category": "play_music", "count": 600}]}]}""");

        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(made.body()).contains("\"origin\":\"upload\"", "\"madeBy\":\"ann\"", "\"active\":true");
        assertThat(browser.get("/api/v1/drift/baselines?workload=voice", operator())
                        .body())
                .contains("\"feature\":\"label\"", "\"observations\":1500");
        assertThat(post("/api/v1/drift/holdouts", """
                {"workload": "voice", "build": "v1", "correct": 90, "n": 100}""").body()).contains("\"reference\":true", "\"retraining\":false");
    }

    @Test
    void aWrongUploadIsAProblemWithThePlace() {
        HttpResponse<String> refused =
                post("/api/v1/drift/baselines", "{\"workload\": \"voice\", \"features\": [{\"feature\": \"label\"}]}");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(refused.body()).contains("the baseline is not valid", "features[0] needs either");
    }

    /// Windows as the evaluator flushes them; all the rest is the server's own.
    @Test
    void aShiftThatCallsForActionHoldsTheRolloutAndMakesTheBuildDue() throws SQLException {
        assertThat(put("/api/v1/workloads/shifting", "{\"prices\": {\"cloud\": 5000, \"edge\": 1000}}"))
                .isEqualTo(200);
        assertThat(put(
                        "/api/v1/builds/shifting-int4",
                        "{\"workload\": \"shifting\", \"artifacts\": {\"any\": \"" + "a".repeat(64) + "\"}}"))
                .isEqualTo(200);
        HttpResponse<String> started = post("/api/v1/rollouts", """
                {"workload": "shifting", "champion": {"frontier": "cloud"}, "challenger": "shifting-int4"}""");
        assertThat(started.statusCode()).as(started.body()).isEqualTo(201);
        String rollout = new JsonObject(started.body()).getString("rollout");
        canary(rollout);
        long minute = clock.millis() / 60_000;

        window(rollout, minute - 12, 0, 200);
        window(rollout, minute - 8, 1, 200);
        window(rollout, minute - 7, 1, 550);

        Await.until("the controller holds it", () -> outlook(rollout).contains(HOLD));
        Await.until("the build is due", () -> due("shifting").equals(List.of("shifting-int4")));
        assertThat(browser.get("/api/v1/drift/baselines?workload=shifting", operator())
                        .body())
                .contains("\"origin\":\"shadow\"");

        window(rollout, minute - 6, 1, 200);
        window(rollout, minute - 5, 1, 200);

        Await.until("two calm windows end the hold", () -> !outlook(rollout).contains(HOLD));
        assertThat(outlook(rollout)).contains("Waits, before \"10 %\"");
    }

    /// A rollout of the standard procedure begins with an offline set, and waits for nothing else before its result.
    private void canary(String rollout) {
        HttpResponse<String> shadow = post("/api/v1/rollouts/" + rollout + "/validation", """
                {"examples": 400, "agreed": 390, "who": "ann"}""");
        assertThat(shadow.body()).contains("\"phase\":\"shadow\"");
        HttpResponse<String> canary = post("/api/v1/rollouts/" + rollout + "/acts", """
                {"act": "promote", "who": "ann", "why": "shadow was watched elsewhere"}""");
        assertThat(canary.body()).contains("\"phase\":\"canary\"", "\"stage\":1");
    }

    private String outlook(String rollout) {
        return new JsonObject(
                        browser.get("/api/v1/rollouts/" + rollout, operator()).body())
                .getString("outlook");
    }

    private List<String> due(String workload) throws SQLException {
        return database.read(sql -> sql.list(
                "SELECT build FROM drift.published_retraining WHERE workload = ? AND reason = 'drift'",
                row -> row.getString(1),
                workload));
    }

    /// 3,000 confidences around a cell of 1,024.
    private void window(String rollout, long minute, int stage, int around) throws SQLException {
        Tally tally = new Tally().add(Measures.REQUESTS, 0, 3_000);
        for (int i = 0; i < 3_000; i++) {
            tally.add(Measures.CONFIDENCE, around + i % 301, 1);
        }
        database.transact(sql -> sql.update("""
                INSERT INTO evaluator.window_delta (tenant, workload, rollout, minute, stage, cohort, slice, tally)
                VALUES ('default', 'shifting', ?, ?, ?, 1, 'all', ?)""", rollout, minute, stage, tally.encode()));
    }

    private int put(String path, String body) {
        return browser.put(path, "application/json", body.getBytes(StandardCharsets.UTF_8), operator())
                .statusCode();
    }

    private HttpResponse<String> post(String path, String body) {
        return browser.post(path, "application/json", body.getBytes(StandardCharsets.UTF_8), operator());
    }

    private Map<String, String> operator() {
        return Map.of("Authorization", "Bearer " + secrets.operatorToken());
    }
}
