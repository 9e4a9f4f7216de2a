// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.drift.DriftPolicy;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Migrations;
import io.edgewise.statistics.grid.UnitGrid;
import io.edgewise.testkit.Await;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The whole role: from windows to what a receiver gets.
@ExtendWith(PlatformExtension.class)
class DriftRoleIT {
    private static final long START = 29_000_000;
    private static final String URL = "edgewise.drift.webhook.endpoints.training.url";

    private final Database database;
    private final MutableClock clock = new MutableClock(Instant.ofEpochSecond(START * 60));
    private final SplittableRandom random = new SplittableRandom(3);

    DriftRoleIT(Platform platform) {
        database = new Database(platform.dataSource());
    }

    @Test
    void aShiftInTheWindowsReachesATrainingJobAsATrigger() throws Exception {
        List<String> bodies = new CopyOnWriteArrayList<>();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            try (InputStream body = exchange.getRequestBody()) {
                bodies.add(new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        DriftRole role = role(Map.of(
                "edgewise.drift.webhook.http-loopback",
                "true",
                URL,
                "http://localhost:" + receiver.getAddress().getPort() + "/hook"));
        Migrations.run(database.source(), role.migrations());
        windows();
        role.start();
        try {
            Await.until("the trigger arrives", () -> bodies.size() >= 2);
            assertThat(bodies.get(0))
                    .contains("\"kind\":\"drift.finding.opened\"", "\"moved\":[{\"range\":\"up to 0.4");
            assertThat(bodies.get(1)).contains("\"kind\":\"retraining.due\"", "\"reason\":\"drift\"", "\"windows\":[{");
            assertThat(role.health().up()).isTrue();
        } finally {
            role.stop();
            receiver.stop(0);
        }
    }

    @Test
    void anEndpointThatIsNotAllowedEndsTheStart() {
        DriftRole role = role(Map.of(URL, "https://elsewhere.example.com/hook"));

        assertThatThrownBy(role::start)
                .hasMessageContaining(URL)
                .hasMessageContaining("its host is not in edgewise.drift.webhook.hosts");
    }

    @Test
    void defaultsAreThoseOfTheDocumentation() {
        DriftConfig config = config(Map.of());

        assertThat(config.policy()).isEqualTo(DriftPolicy.DEFAULT);
        assertThat(config.settings()).isEqualTo(DriftSettings.of(DriftPolicy.DEFAULT, Duration.ofSeconds(1)));
        assertThat(config.tenant()).isEqualTo("default");
        assertThat(config.endpoints()).isEmpty();
    }

    private DriftRole role(Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(properties);
        all.put("edgewise.drift.webhook.hosts", "localhost");
        all.put("edgewise.drift.webhook.endpoints.training.secret", "a secret of some length");
        return new DriftRole(database, config(all), clock);
    }

    private static DriftConfig config(Map<String, String> properties) {
        return new SmallRyeConfigBuilder()
                .withMapping(DriftConfig.class)
                .withConverter(Duration.class, 200, DriftRoleIT::duration)
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(DriftConfig.class);
    }

    /// "1s" as the server reads it.
    private static Duration duration(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("no duration is set");
        }
        String upper = text.toUpperCase(Locale.ROOT);
        return Duration.parse(upper.startsWith("P") ? upper : "PT" + upper);
    }

    private void windows() throws SQLException, IOException {
        database.transact(sql -> {
            sql.update("CREATE SCHEMA IF NOT EXISTS evaluator");
            sql.update("DROP TABLE IF EXISTS evaluator.published_window");
            sql.update("""
                    CREATE TABLE evaluator.published_window (tenant text, workload text, rollout text, minute bigint,
                        stage int, cohort int, slice text, tally bytea, closed boolean)""");
            for (int stage = 0; stage < 2; stage++) {
                Tally tally = new Tally();
                for (int i = 0; i < 2_000; i++) {
                    tally.add(Measures.CONFIDENCE, UnitGrid.cell(0.6 - 0.25 * stage + 0.13 * random.nextGaussian()));
                }
                sql.updateOne(
                        "INSERT INTO evaluator.published_window VALUES ('default', 'voice', '01ROLE', ?, ?, 1, 'all', ?, true)",
                        START - 5 + stage,
                        stage,
                        tally.encode());
            }
            return true;
        });
    }
}
