// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static io.edgewise.evaluator.shell.KeeperGround.MINUTE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.evaluator.PeriodKey;
import io.edgewise.evaluator.shell.judge.Configs;
import io.edgewise.evaluator.shell.judge.Export;
import io.edgewise.evaluator.shell.judge.WindowExport;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PlatformExtension.class)
class WindowExportIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void closedWindowsAreExportedInOrderWithCountsFiguresAndWhatRan(Platform platform) throws Exception {
        KeeperGround ground = new KeeperGround(platform);
        ground.flush(new SplittableRandom(3), 2_000, MINUTE - 40, 41);
        KeeperGround.settle(ground.keeper(KeeperGround.clock()));
        ground.database().transact(sql -> {
            sql.update("CREATE SCHEMA IF NOT EXISTS controller");
            sql.update("DROP TABLE IF EXISTS controller.published_rollout CASCADE");
            return sql.update(
                    "CREATE TABLE controller.published_rollout AS SELECT 'default' AS tenant, 'r1' AS rollout,"
                            + " 'frontier' AS champion, 'intent-int4' AS challenger");
        });

        List<JsonNode> all = export(ground, "");

        assertThat(all).hasSizeGreaterThan(200);
        assertThat(all)
                .hasSize((int) ground.number("SELECT count(*) FROM evaluator.window_minute WHERE slice = 'all'"));
        assertThat(all.stream().map(line -> line.get("window").asText())).isSorted();
        for (JsonNode line : all) {
            Tally expected = Objects.requireNonNull(ground.expected()
                    .get(new PeriodKey(
                            "default",
                            line.get("rollout").asText(),
                            "intents",
                            "all",
                            line.get("stage").asInt(),
                            line.get("cohort").asText().equals("canary") ? 2 : 1,
                            Instant.parse(line.get("window").asText()).getEpochSecond() / 60)));
            assertThat(line.at("/counts/requests/0").asLong()).isEqualTo(expected.get(Measures.REQUESTS, 0));
            assertThat(line.at("/figures/requests").asLong()).isEqualTo(expected.get(Measures.REQUESTS, 0));
            assertThat(line.get("figures").has("tenant")).isFalse();
            assertThat(line.path("challenger").asText())
                    .isEqualTo(line.get("rollout").asText().equals("r1") ? "intent-int4" : "");
        }
        assertThat(export(ground, "r1"))
                .isEqualTo(all.stream()
                        .filter(line -> line.get("rollout").asText().equals("r1"))
                        .toList());
        ground.database().transact(sql -> sql.update("DROP TABLE controller.published_rollout"));
    }

    private static List<JsonNode> export(KeeperGround ground, String rollout) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long lines = new WindowExport(ground.database(), Configs.of(Map.of()))
                .write(new WindowExport.Wanted(new Export.Range("intents", MINUTE - 40, MINUTE), rollout, "all"), out);
        List<JsonNode> read = new ArrayList<>();
        for (String line : out.toString(StandardCharsets.US_ASCII).split("\n")) {
            read.add(JSON.readTree(line));
        }
        assertThat(read).hasSize((int) lines);
        return read;
    }
}
