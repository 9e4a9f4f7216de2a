// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.demo.Decision;
import io.edgewise.demo.DemoPlan;
import io.edgewise.demo.Ending;
import io.edgewise.demo.Interval;
import io.edgewise.demo.RolloutState;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RolloutReaderTest {
    private static final String RUNNING = """
            {"rollout":"01J","workload":"w","phase":"canary","stage":1,"stageName":"1 %","shareBp":100,
             "stageSince":"2026-01-01T00:00:40Z","outcome":null,"lastDecision":"promoted","outlook":"waits",
             "verdicts":[
              {"guardrail":"agreement","title":"Agreement","verdict":"SAFE","estimate":0.93,"low":0.9,"high":0.95,
               "observations":1234,"neededObservations":null,"sentence":"safe"},
              {"guardrail":"cost","title":"Cost per request","verdict":"UNDECIDED","estimate":null,"low":null,
               "high":null,"observations":3,"neededObservations":47,"sentence":"not yet"}]}""";

    @Test
    void readsARunningRollout() throws Exception {
        RolloutState state = RolloutReader.state(json(RUNNING));

        assertThat(state.id()).isEqualTo("01J");
        assertThat(state.shareBp()).isEqualTo(100);
        assertThat(state.stageSince()).isEqualTo(Instant.parse("2026-01-01T00:00:40Z"));
        assertThat(state.ending()).isEmpty();
        assertThat(state.agreement()).hasValue(new Interval(0.93, 0.9, 0.95, 1_234));
        assertThat(state.verdicts().get(1).isUndecided()).isTrue();
        assertThat(state.verdicts().get(1).interval()).isEmpty();
        assertThat(state.verdicts().get(1).needed()).isEqualTo(47);
    }

    @Test
    void knowsHowARolloutEnded() throws Exception {
        assertThat(ending("completed")).isEqualTo(Ending.COMPLETED);
        assertThat(ending("rolled_back")).isEqualTo(Ending.ROLLED_BACK);
        assertThat(ending("aborted")).isEqualTo(Ending.ABORTED);
        assertThat(RolloutReader.isRunning(json(RUNNING.replace("canary", "paused"))))
                .isTrue();
    }

    @Test
    void readsWhoDecidedAndWhichGuardrailsAreBreached() throws Exception {
        Decision decision = RolloutReader.decision(json("""
                {"number":4,"at":"2026-01-01T00:01:00Z","kind":"rolled_back","actor":"controller","stage":0,"shareBp":0,
                 "revision":9,"sentence":"rolled back","previousHash":"","hash":"",
                 "detail":{"statistics":"statistics/1","guardrails":{
                  "agreement":{"verdict":"BREACH"},"cost":{"verdict":"NO-EVIDENCE"},"error":{"verdict":"SAFE"}}}}"""));

        assertThat(decision.isOwn("rolled_back")).isTrue();
        assertThat(decision.isOwn("completed")).isFalse();
        assertThat(decision.breached()).containsExactly("agreement");
    }

    @Test
    void writesThePlanInTheWordsOfTheApi() {
        JsonNode plan = PlanJson.of(DemoPlan.at(2), "demo");

        assertThat(plan.at("/stages/0/shareBp").asInt()).isZero();
        assertThat(plan.at("/stages/0/minSeconds").asInt()).isEqualTo(20);
        assertThat(plan.at("/stages/0/pairingControlBp").asInt()).isEqualTo(10_000);
        assertThat(plan.at("/stages/0/onUndecided").asText()).isEqualTo("HOLD");
        assertThat(plan.at("/stages/1/onUndecided").asText()).isEqualTo("ROLLBACK");
        assertThat(plan.at("/stages/2/gates/latency-p99").asText()).isEqualTo("SAFE");
        assertThat(plan.at("/guardrails/0/hardLimit").asDouble()).isEqualTo(0.5);
        assertThat(plan.at("/guardrails/3/hardLimit").isMissingNode()).isTrue();
    }

    private static Ending ending(String phase) throws Exception {
        return RolloutReader.state(json(RUNNING.replace("canary", phase)))
                .ending()
                .orElseThrow();
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }
}
