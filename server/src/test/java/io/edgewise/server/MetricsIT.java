// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.testkit.Await;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPlatform.class)
class MetricsIT {
    private final Browser browser = new Browser();

    @Test
    void theEvaluatorsMetricsHaveTheNamesThatTheDocumentsGiveThem() {
        Await.until(
                "the evaluator holds all partitions",
                () -> browser.get("/q/metrics").body().contains("edgewise_evaluator_partitions{state=\"held\"} 128.0"));

        assertThat(browser.get("/q/metrics").body())
                .contains("edgewise_evaluator_records_total ")
                .contains("edgewise_evaluator_restarts_total ")
                .contains("edgewise_evaluator_log_bytes_total ")
                .contains("edgewise_evaluator_flush_seconds_count ", "edgewise_evaluator_flush_seconds_sum ")
                .contains("edgewise_evaluator_rows_seconds_count ", "edgewise_evaluator_rows_seconds_sum ")
                .contains("edgewise_evaluator_flush_rows_total{table=\"part\"} ")
                .contains("edgewise_evaluator_flush_rows_total{table=\"disagreement\"} ")
                .contains("edgewise_lag_records{topic=\"edgewise.observations\"} ")
                .contains("edgewise_evaluator_freshness_seconds ")
                .contains("edgewise_accounting_imbalance 0.0")
                .contains("edgewise_evaluator_open_gaps ", "edgewise_evaluator_lost_records ")
                .contains("edgewise_evaluator_late_total ", "edgewise_evaluator_duplicates_total ")
                .contains("edgewise_evaluator_dead_letters_total ", "edgewise_evaluator_slice_other_total ")
                .contains("edgewise_evaluator_strata ", "edgewise_evaluator_devices ");
    }
}
