// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.controller.shell.PlanDesk;
import io.edgewise.runtime.access.AccessRole;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.inject.spi.BeanManager;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Roles, asked of every route of the running server, and what one tenant's token opens in another: nothing.
@QuarkusTest
@QuarkusTestResource(EmbeddedPlatform.class)
class RolesIT {
    private static final String WORKLOAD = "{\"prices\": {\"cloud\": 5000, \"edge\": 1000}}";
    private static final String PLAN = """
            {"stages": [{"shareBp": 0}, {"shareBp": 100, "approvals": 2}, {"shareBp": 10000}]}
            """;

    private final Browser browser = new Browser();
    private final BeanManager beans;
    private final SecretsFolder.Secrets secrets;
    private final Database database;

    RolesIT(BeanManager beans, SecretsFolder.Secrets secrets, Database database) {
        this.beans = beans;
        this.secrets = secrets;
        this.database = database;
    }

    @Test
    void everyRouteAsksForItsRightAndNothingElse() {
        Map<AccessRole, String> tokens = new HashMap<>();
        for (AccessRole role : AccessRole.values()) {
            tokens.put(role, token("walker-" + role.text(), role.text()));
        }
        int walked = 0;
        for (Routes.Route route : Routes.of(beans)) {
            if (route.isConsole()) {
                continue;
            }
            for (AccessRole role : AccessRole.values()) {
                int status = status(route, java.util.Objects.requireNonNull(tokens.get(role)));
                if (route.isIngest()) {
                    assertThat(status).as("%s as %s", route, role).isEqualTo(401);
                } else if (route.needs().stream().noneMatch(role.rights()::contains)) {
                    assertThat(status).as("%s as %s", route, role).isEqualTo(403);
                } else {
                    assertThat(status).as("%s as %s", route, role).isNotIn(401, 403);
                }
                walked++;
            }
            if (!route.isIngest()) {
                String device = device();
                assertThat(status(route, device)).as("%s as a device", route).isEqualTo(401);
            }
        }
        assertThat(walked).isGreaterThan(100);
    }

    @Test
    void aTokenIsShownOnceEndsAndCanBeRevoked() {
        HttpResponse<String> made =
                call("POST", "/api/v1/tokens", secrets.operatorToken(), "{\"name\": \"cora\", \"role\": \"viewer\"}");
        JsonObject view = new JsonObject(made.body());
        String token = view.getString("token");

        assertThat(token).startsWith("edgewise_").hasSizeGreaterThan(50);
        assertThat(call("GET", "/api/v1/rollouts", token, "").statusCode()).isEqualTo(200);
        assertThat(call("GET", "/api/v1/tokens", secrets.operatorToken(), "").body())
                .contains("cora")
                .doesNotContain(token);
        assertThat(call("DELETE", "/api/v1/tokens/" + view.getString("id"), secrets.operatorToken(), "")
                        .statusCode())
                .isEqualTo(204);
        assertThat(call("GET", "/api/v1/rollouts", token, "").statusCode()).isEqualTo(401);
        assertThat(call("POST", "/api/v1/tokens", secrets.operatorToken(), "{\"name\": \"x\", \"role\": \"king\"}")
                        .body())
                .contains("one of viewer, operator, approver, admin");
    }

    @Test
    void thePrincipalWinsOverTheNameInTheRequestAndOperatorsDoNotApprove() {
        String operator = token("olaf", "operator");
        String approver = token("anna", "approver");
        call("PUT", "/api/v1/workloads/roles", operator, WORKLOAD);
        call("PUT", "/api/v1/builds/roles-v1", operator, build());
        String started = call(
                        "POST",
                        "/api/v1/rollouts",
                        operator,
                        "{\"workload\": \"roles\", \"champion\": {\"frontier\": \"cloud\"}, \"challenger\":"
                                + " \"roles-v1\", \"who\": \"mallory\", \"plan\": " + PLAN + "}")
                .body();
        JsonObject rollout = new JsonObject(started);
        String id = rollout.getString("rollout");
        assertThat(rollout.getJsonArray("decisions").getJsonObject(0).getString("actor"))
                .isEqualTo("olaf");
        String approve = "{\"act\": \"approve\", \"who\": \"mallory\", \"why\": \"fine\"}";

        assertThat(call("POST", "/api/v1/rollouts/" + id + "/acts", operator, approve)
                        .statusCode())
                .isEqualTo(403);
        String approved = call("POST", "/api/v1/rollouts/" + id + "/acts", approver, approve)
                .body();
        assertThat(approved).contains("anna approved").doesNotContain("mallory approved");
        assertThat(call("POST", "/api/v1/rollouts/" + id + "/acts", approver, approve)
                        .body())
                .contains("somebody else must");
        assertThat(call("POST", "/api/v1/rollouts/" + id + "/acts", approver, "{\"act\": \"rollback\", \"why\": \"x\"}")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void tokensOfAnotherTenantOpenNoRouteAndLeaveNoRow() throws Exception {
        Map<AccessRole, String> tokens = new HashMap<>();
        for (AccessRole role : AccessRole.values()) {
            tokens.put(role, token("foreign-" + role.text(), role.text()));
        }
        database.transact(
                sql -> sql.update("UPDATE controller.token SET tenant = 'other' WHERE name LIKE 'foreign-%'"));
        // The tokens that hold are read anew.
        token("oskar", "viewer");
        Map<String, Long> before = rows();

        int walked = 0;
        for (Routes.Route route : Routes.of(beans)) {
            for (Map.Entry<AccessRole, String> each : tokens.entrySet()) {
                if (!route.isConsole()) {
                    assertThat(status(route, each.getValue()))
                            .as("%s as a foreign %s", route, each.getKey())
                            .isEqualTo(401);
                    walked++;
                }
            }
        }
        assertThat(walked).isGreaterThan(100);
        assertThat(rows()).isEqualTo(before);
    }

    /// Of the tables that requests write, and what there is of the other tenant in any table.
    private Map<String, Long> rows() throws SQLException {
        return database.read(sql -> {
            Map<String, Long> rows = new TreeMap<>();
            for (String table : List.of(
                    "workload",
                    "build",
                    "plan",
                    "plan_template",
                    "rollout",
                    "revision",
                    "tenant_act",
                    "token",
                    "stop",
                    "request",
                    "revoked_device")) {
                rows.put(table, count(sql, "SELECT count(*) FROM controller." + table));
            }
            for (String table : sql.list(
                    "SELECT table_schema || '.' || table_name FROM information_schema.columns"
                            + " WHERE column_name = 'tenant' AND table_schema NOT IN ('pg_catalog', 'information_schema')",
                    row -> row.getString(1))) {
                rows.put(table + " of other", count(sql, "SELECT count(*) FROM " + table + " WHERE tenant = 'other'"));
            }
            assertThat(rows).containsEntry("controller.token of other", 4L);
            return rows;
        });
    }

    private static long count(Sql sql, String query) throws SQLException {
        return sql.first(query, row -> row.getLong(1)).orElseThrow();
    }

    @Test
    void theKillSwitchBringsEveryWorkloadToItsChampionAndHoldsUntilItIsLifted() {
        String operator = token("stan", "operator");
        for (String workload : List.of("stop-a", "stop-b")) {
            call("PUT", "/api/v1/workloads/" + workload, operator, WORKLOAD);
            call("PUT", "/api/v1/builds/" + workload + "-v1", operator, build().replace("roles", workload));
            assertThat(start(workload, operator, "k-" + workload).statusCode()).isEqualTo(201);
        }
        HttpResponse<String> stopped = call("POST", "/api/v1/stops", operator, "{\"why\": \"smoke in the kitchen\"}");

        assertThat(stopped.body()).contains("stop-a", "stop-b", "smoke in the kitchen");
        assertThat(call("GET", "/api/v1/stops", operator, "").body()).contains("stan");
        assertThat(start("stop-a", operator, "k2").body()).contains("an admin lifts it");
        assertThat(call("DELETE", "/api/v1/stops", operator, "").statusCode()).isEqualTo(403);
        assertThat(call("DELETE", "/api/v1/stops", secrets.operatorToken(), "").statusCode())
                .isEqualTo(204);
        HttpResponse<String> first = start("stop-a", operator, "same-key");
        HttpResponse<String> again = start("stop-a", operator, "same-key");
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(new JsonObject(again.body()).getString("rollout"))
                .isEqualTo(new JsonObject(first.body()).getString("rollout"));
        assertThat(start("stop-b", operator, "same-key").statusCode()).isEqualTo(409);
        call("POST", "/api/v1/stops", operator, "{\"workload\": \"stop-a\", \"why\": \"end of test\"}");
        call("DELETE", "/api/v1/stops?workload=stop-a", secrets.operatorToken(), "");
        assertThat(call("POST", "/api/v1/audit/checkpoints", operator, "").body())
                .contains("\"written\":true");
        assertThat(call("GET", "/api/v1/audit", operator, "").body()).contains("\"faults\":[]");
        assertThat(call("GET", "/api/v1/audit/export", operator, "").body())
                .contains("smoke in the kitchen", "\"type\":\"checkpoint\"");
    }

    @Test
    void theSchemaOfAPlanIsServedAsItIsPublished() {
        HttpResponse<String> schema = call("GET", "/api/v1/plans/schema", secrets.operatorToken(), "");

        assertThat(schema.statusCode()).isEqualTo(200);
        assertThat(schema.body()).isEqualTo(PlanDesk.schema()).contains("\"$schema\"");
    }

    private HttpResponse<String> start(String workload, String token, String key) {
        return browser.call(
                "POST",
                "/api/v1/rollouts",
                Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json", "Idempotency-Key", key),
                "{\"workload\": \"" + workload + "\", \"champion\": {\"frontier\": \"cloud\"}, \"challenger\": \""
                        + workload + "-v1\", \"plan\": " + PLAN + "}");
    }

    private static String build() {
        return "{\"workload\": \"roles\", \"artifacts\": {\"any\": \"" + "c".repeat(64) + "\"}}";
    }

    private String token(String name, String role) {
        String body = call(
                        "POST",
                        "/api/v1/tokens",
                        secrets.operatorToken(),
                        "{\"name\": \"" + name + "\", \"role\": \"" + role + "\"}")
                .body();
        return new JsonObject(body).getString("token");
    }

    private String device() {
        DeviceSecrets devices = secrets.devices();
        return devices.token("default", "device-1");
    }

    private int status(Routes.Route route, String token) {
        return browser.status(
                route.method(),
                route.path(),
                Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json"));
    }

    private HttpResponse<String> call(String method, String path, String token, String body) {
        return browser.call(
                method, path, Map.of("Authorization", "Bearer " + token, "Content-Type", "application/json"), body);
    }
}
