// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.controller.SigningKeys;
import io.edgewise.controller.World;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Migrations;
import io.edgewise.runtime.role.Role;
import io.edgewise.testkit.Platform;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What surrounds the controller in these tests: a key, a migrated schema, and a table in place of the
/// evaluator's view that is filled from a {@link World}.
final class StandIn {
    static final String PLAN = """
            {"stages": [
               {"shareBp": 0, "minSeconds": 40, "maxSeconds": 200, "minObservations": 1000,
                "gates": {"refusal": "NOT_BREACH"}},
               {"shareBp": 100, "minSeconds": 40, "maxSeconds": 200, "minObservations": 60, "minDevices": 20,
                "gates": {"refusal": "NOT_BREACH"}},
               {"shareBp": 1000, "minSeconds": 60, "maxSeconds": 200, "minObservations": 500,
                "gates": {"refusal": "NOT_BREACH", "cost": "NOT_BREACH"}},
               {"shareBp": 10000, "minSeconds": 10, "maxSeconds": 200, "minObservations": 1000,
                "gates": {"refusal": "NOT_BREACH", "cost": "NOT_BREACH"}}],
             "horizonSeconds": 900}
            """;

    private static final SigningKeys KEYS = fresh();

    private final Database database;

    StandIn(Platform platform) throws SQLException {
        Migrations.run(platform.dataSource(), List.of(new Role.Migration("controller", "db/controller")));
        database = new Database(platform.dataSource());
        database.transact(sql -> {
            sql.update("CREATE SCHEMA IF NOT EXISTS evaluator");
            sql.update("""
                    CREATE TABLE IF NOT EXISTS evaluator.published_evidence (
                        tenant text, workload text, rollout text, stage int, cohort int, pairing_rate_bp int,
                        escalated boolean, slice text, tally bytea, last_append_ms bigint)
                    """);
            return true;
        });
    }

    Database database() {
        return database;
    }

    /// The same in all tests, since they share the database in which checkpoints are signed.
    static SigningKeys keys() {
        return KEYS;
    }

    private static SigningKeys fresh() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return new SigningKeys("test", pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static ControllerConfig config() {
        return config("default");
    }

    static ControllerConfig config(String tenant) {
        return new ControllerConfig() {
            @Override
            public String tenant() {
                return tenant;
            }

            @Override
            public long lookMillis() {
                return 50;
            }

            @Override
            public long idleLookMillis() {
                return 50;
            }

            @Override
            public long showMillis() {
                return 0;
            }

            @Override
            public long restMillis() {
                return 0;
            }

            @Override
            public long outboxMillis() {
                return 50;
            }

            @Override
            public long silentSeconds() {
                return 300;
            }

            @Override
            public int keepDevicesDays() {
                return 30;
            }

            @Override
            public int checkpointMinutes() {
                return 60;
            }
        };
    }

    /// Defines a workload with its builds and starts a rollout on it.
    static String start(RolloutDesk desk, String workload, String plan) {
        desk.define(workload, "{\"prices\": {\"cloud\": 5000, \"edge\": 1000}}");
        desk.register(
                workload + "-int4",
                "{\"workload\": \"" + workload + "\", \"artifacts\": {\"any\": \"" + "a".repeat(64) + "\"}}");
        return desk.start("{\"workload\": \"" + workload + "\", \"champion\": {\"frontier\": \"cloud\"},"
                        + " \"challenger\": \"" + workload + "-int4\", \"plan\": " + plan + "}")
                .rollout();
    }

    /// The world's counters become what the evaluator publishes; half of the strata come in two partitions.
    void publish(String workload, String rollout, World world, Instant at) throws SQLException {
        database.transact(sql -> {
            sql.update("DELETE FROM evaluator.published_evidence WHERE rollout = ?", rollout);
            for (Map.Entry<Stratum, Tally> entry : world.counters().entrySet()) {
                Stratum stratum = entry.getKey();
                for (int part = 0; part < 2; part++) {
                    Tally tally = part == 0 ? entry.getValue() : new Tally();
                    sql.update(
                            "INSERT INTO evaluator.published_evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                            "default",
                            workload,
                            rollout,
                            stratum.stage(),
                            stratum.cohort().getNumber(),
                            stratum.pairingRateBp(),
                            stratum.escalated(),
                            stratum.slice(),
                            tally.encode(),
                            at.toEpochMilli());
                }
            }
            return true;
        });
    }
}
