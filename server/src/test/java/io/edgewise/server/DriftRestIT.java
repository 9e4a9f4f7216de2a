// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPlatform.class)
class DriftRestIT {
    private final Browser browser = new Browser();
    private final SecretsFolder.Secrets secrets;

    DriftRestIT(SecretsFolder.Secrets secrets) {
        this.secrets = secrets;
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

    private HttpResponse<String> post(String path, String body) {
        return browser.post(path, "application/json", body.getBytes(StandardCharsets.UTF_8), operator());
    }

    private Map<String, String> operator() {
        return Map.of("Authorization", "Bearer " + secrets.operatorToken());
    }
}
