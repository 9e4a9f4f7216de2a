// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.edgewise.controller.Gate;
import io.edgewise.controller.Guardrail;
import io.edgewise.controller.GuardrailKind;
import io.edgewise.controller.HybridTerms;
import io.edgewise.controller.OnUndecided;
import io.edgewise.controller.Plan;
import io.edgewise.controller.TruthSource;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PlanSchemaTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(PlanDesk.schema());

    @Test
    void theSchemaNamesExactlyTheFieldsThatAreRead() throws Exception {
        JsonNode schema = MAPPER.readTree(PlanDesk.schema());

        assertThat(fields(schema)).isEqualTo(components(PlanBody.class));
        assertThat(fields(schema.at("/properties/stages/items")))
                .isEqualTo(with(components(PlanBody.StageBody.class), "share_bp"));
        assertThat(fields(schema.at("/properties/guardrails/items")))
                .isEqualTo(components(PlanBody.GuardrailBody.class));
        assertThat(fields(schema.at("/properties/stages/items/properties/hybrid")))
                .isEqualTo(components(PlanBody.HybridBody.class));
        assertThat(fields(schema.at("/properties/blackouts/items")))
                .isEqualTo(components(ConductBodies.BlackoutBody.class));
        assertThat(fields(schema.at("/properties/maxExposure")))
                .isEqualTo(components(ConductBodies.ExposureBody.class));
        assertThat(fields(schema.at("/properties/noEvidence")))
                .isEqualTo(components(ConductBodies.NoEvidenceBody.class));
        assertThat(fields(schema.at("/properties/validation")))
                .isEqualTo(components(ConductBodies.ValidationBody.class));
    }

    @Test
    void theSchemaNamesExactlyTheWordsThatAreRead() throws Exception {
        JsonNode schema = MAPPER.readTree(PlanDesk.schema());

        assertThat(words(schema.at("/properties/guardrails/items/properties/kind/enum")))
                .isEqualTo(names(GuardrailKind.values()));
        assertThat(words(schema.at("/properties/stages/items/properties/onUndecided/enum")))
                .isEqualTo(names(OnUndecided.values()));
        assertThat(words(schema.at("/properties/stages/items/properties/hybrid/properties/escalation/enum")))
                .isEqualTo(names(HybridTerms.Escalation.values()));
        assertThat(words(schema.at("/properties/truth/items/enum"))).isEqualTo(names(TruthSource.values()));
    }

    @Test
    void templatesAndCompletedPlansAreValidByTheSchemaAndByTheServer() throws Exception {
        for (String name : List.of("standard", "quick", "hybrid", "escalating", "cautious")) {
            PlanTemplates.Template template = template(name);
            Plan plan = PlanDesk.complete(template.plan(), name, OptionalLong.of(5_000));

            assertThat(faults(Json.write(template.plan()))).as(name).isEmpty();
            assertThat(faults(Json.write(PlanBody.of(plan)))).as(name).isEmpty();
            assertThat(PlanBody.of(plan).stored().hash()).as(name).isEqualTo(plan.hash());
        }
        assertThat(faults(StandIn.PLAN)).isEmpty();
    }

    @Test
    void theSchemaRefusesWhatTheServerRefuses() {
        assertThat(faults("{\"stagez\": []}")).isNotEmpty();
        assertThat(faults("{\"stages\": [{\"shareBp\": 0}, {\"shareBp\": \"all\"}]}"))
                .isNotEmpty();
        assertThat(faults("{\"noEvidence\": {\"then\": \"PROMOTE\"}}")).isNotEmpty();
        assertThat(faults("{\"blackouts\": [{\"from\": \"late\", \"until\": \"06:00\"}]}"))
                .isNotEmpty();
        assertThatThrownBy(() -> Json.read("the plan", "{\"stagez\": []}", PlanBody.class))
                .hasMessageContaining("stagez");
    }

    @Test
    void aPlanInYamlIsTheSamePlan() {
        String yaml = """
                stages:
                  - shareBp: 0
                  - shareBp: 100
                    approvals: 2
                  - shareBp: 10000
                safeMode: true
                blackouts:
                  - {days: [FRIDAY, SATURDAY], from: "22:00", until: "06:00", zone: Europe/Berlin}
                maxExposure: {devices: 50, minutes: 600}
                selector: {device_class: kiosk}
                """;
        PlanBody body = Json.read("the plan", Json.json("the plan", Json.YAML, yaml), PlanBody.class);
        Plan plan = PlanDesk.complete(body, "yaml", OptionalLong.empty());

        assertThat(plan.stage(1).approvals()).isEqualTo(2);
        assertThat(plan.conduct().safeMode()).isTrue();
        assertThat(plan.conduct().exposure().devices()).hasValue(50);
        assertThat(plan.conduct().blackouts().getFirst().zone().getId()).isEqualTo("Europe/Berlin");
        assertThat(PlanBody.of(plan).stored()).isEqualTo(plan);
        assertThatThrownBy(() -> Json.json("the plan", Json.YAML, "a: 1\na: 2\n"))
                .hasMessageContaining("not YAML");
    }

    @Test
    void budgetsOfDeviceClassesAreReadAndWritten() {
        String body = """
                {"guardrails": [{"name": "slice-latency", "limit": 2000000, "weight": 0.1,
                                 "budgets": {"device_class=kiosk": 800000, "device_class=watch": 3000000}}]}
                """;
        Plan plan = PlanDesk.complete(Json.read("the plan", body, PlanBody.class), "x", OptionalLong.empty());
        Guardrail guardrail = plan.guardrails().getLast();

        assertThat(faults(body)).isEmpty();
        assertThat(faults(Json.write(PlanBody.of(plan)))).isEmpty();
        assertThat(guardrail.kind()).isEqualTo(GuardrailKind.SLICE_LATENCY);
        assertThat(guardrail.slices()).containsExactly("device_class");
        assertThat(guardrail.budgets())
                .containsEntry("device_class=kiosk", 800_000.0)
                .hasSize(2);
        assertThat(plan.stage(0).gates()).doesNotContainKey("slice-latency");
        assertThat(plan.stage(1).gates()).containsEntry("slice-latency", Gate.NOT_BREACH);
        assertThat(PlanBody.of(plan).stored()).isEqualTo(plan);
        assertThat(faults(body.replace("800000", "0"))).isNotEmpty();
    }

    @Test
    void hybridTermsAreReadAndWrittenAndAreCarefulWhereTheySayNothing() {
        String body = """
                {"hybrid": true, "repeatBp": 200, "stages": [
                   {"shareBp": 0},
                   {"shareBp": 1000, "hybrid": {"entropy": 1.5, "longestInput": 400, "rules": ["legal"], "routerScore": 0.4}},
                   {"shareBp": 1000, "hybrid": {"confidence": 0.7, "escalation": "VERIFY"}}]}
                """;
        Plan plan = PlanDesk.complete(Json.read("the plan", body, PlanBody.class), "x", OptionalLong.empty());

        assertThat(faults(body)).isEmpty();
        assertThat(faults(Json.write(PlanBody.of(plan)))).isEmpty();
        assertThat(plan.stage(1).hybrid().orElseThrow().confidence()).isEqualTo(0.9);
        assertThat(plan.stage(1).hybrid().orElseThrow().rules()).containsExactly("legal");
        assertThat(plan.stage(2).hybrid().orElseThrow().escalation()).isEqualTo(HybridTerms.Escalation.VERIFY);
        assertThat(plan.conduct().repeatBp()).isEqualTo(200);
        assertThat(PlanBody.of(plan).stored()).isEqualTo(plan);
        assertThat(faults(body.replace("VERIFY", "BOTH"))).isNotEmpty();
    }

    @Test
    void everyFaultOfConductIsNamedWithItsPath() {
        String body = """
                {"stages": [{"shareBp": 0}, {"shareBp": 9000}, {"shareBp": 9500, "approvals": 9, "minPairs": -1}],
                 "validation": {"minExamples": 1, "minAgreement": 2}, "noEvidence": {"afterSeconds": 1, "then": "EXTEND"},
                 "maxExposure": {"devices": 0}, "costBudgetNanos": 0, "selector": {"Bad Key": ""}, "watchSeconds": -1,
                 "holdbackBp": 600}
                """;

        assertThatThrownBy(
                        () -> PlanDesk.complete(Json.read("the plan", body, PlanBody.class), "x", OptionalLong.empty()))
                .hasMessageContaining("stages[2].shareBp must be 10000")
                .hasMessageContaining("says hybrid: true")
                .hasMessageContaining("stages[2].approvals must lie between 0 and 5")
                .hasMessageContaining("stages[2].minPairs must not be negative")
                .hasMessageContaining("validation.minExamples must lie between 20")
                .hasMessageContaining("validation.minAgreement must lie between 0 and 1")
                .hasMessageContaining("noEvidence.afterSeconds must lie between 30")
                .hasMessageContaining("noEvidence.then must be HOLD or ROLLBACK")
                .hasMessageContaining("maxExposure.devices must be at least 1")
                .hasMessageContaining("costBudgetNanos must be at least 1")
                .hasMessageContaining("selector.Bad Key must be an attribute")
                .hasMessageContaining("watchSeconds must lie between 0")
                .hasMessageContaining("holdbackBp leaves 8900 for the last stage");
    }

    private static PlanTemplates.Template template(String name) throws Exception {
        try (var in = PlanTemplates.class.getResourceAsStream("/io/edgewise/controller/templates/" + name + ".json")) {
            return new PlanTemplates.Template(
                    name,
                    0,
                    Json.stored(
                            new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8), PlanBody.class));
        }
    }

    private static Set<String> faults(String json) {
        try {
            Set<String> faults = new TreeSet<>();
            SCHEMA.validate(MAPPER.readTree(json)).forEach(fault -> faults.add(fault.getMessage()));
            return faults;
        } catch (java.io.IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Set<String> fields(JsonNode schema) {
        Set<String> names = new TreeSet<>();
        schema.get("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<String> words(JsonNode list) {
        Set<String> words = new TreeSet<>();
        list.forEach(word -> words.add(word.asText()));
        return words;
    }

    private static Set<String> names(Enum<?>[] values) {
        return new TreeSet<>(Arrays.stream(values).map(Enum::name).toList());
    }

    private static Set<String> components(Class<?> record) {
        return new TreeSet<>(Arrays.stream(record.getRecordComponents())
                .map(RecordComponent::getName)
                .toList());
    }

    private static Set<String> with(Set<String> names, String more) {
        Set<String> all = new TreeSet<>(names);
        all.add(more);
        return all;
    }
}
