// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.controller.Conduct;
import io.edgewise.controller.Guardrail;
import io.edgewise.controller.OnUndecided;
import io.edgewise.controller.Plan;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// What a plan leaves out comes from its template, field by field, and only then from the operating procedure.
class PlanTemplatesTest {
    private static final String STRICT = """
            {"guardrails": [{"name": "agreement", "limit": 0.95, "hardLimit": 0.8, "minObservations": 2000}],
             "validation": {"minExamples": 500, "minAgreement": 0.95},
             "noEvidence": {"afterSeconds": 900, "then": "ROLLBACK"},
             "maxExposure": {"devices": 50, "requests": 1000, "minutes": 60}}
            """;

    private static Plan over(String plan, String template) {
        PlanBody body = PlanTemplates.over(
                Json.read("the plan", plan, PlanBody.class), Json.read("the template", template, PlanBody.class));
        return PlanDesk.complete(body, "x", OptionalLong.empty());
    }

    private static Guardrail guardrail(Plan plan, String name) {
        return plan.guardrails().stream()
                .filter(guardrail -> guardrail.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void oneFieldOfAGuardrailLeavesTheTemplatesOthers() {
        Guardrail agreement =
                guardrail(over("{\"guardrails\": [{\"name\": \"agreement\", \"weight\": 0.3}]}", STRICT), "agreement");

        assertThat(agreement.weight()).isEqualTo(0.3);
        assertThat(agreement.limit()).isEqualTo(0.95);
        assertThat(agreement.hardLimit()).hasValue(0.8);
        assertThat(agreement.minObservations()).isEqualTo(2_000);
    }

    @Test
    void anotherLimitComesWithoutTheTemplatesHardLimitUnlessItBringsItsOwn() {
        String limit = "{\"guardrails\": [{\"name\": \"agreement\", \"limit\": 0.75}]}";
        Guardrail softer = guardrail(over(limit, STRICT), "agreement");
        assertThat(softer.limit()).isEqualTo(0.75);
        assertThat(softer.hardLimit()).isEmpty();
        assertThat(softer.minObservations()).isEqualTo(2_000);

        Guardrail both = guardrail(over(limit.replace("0.75", "0.75, \"hardLimit\": 0.5"), STRICT), "agreement");
        assertThat(both.hardLimit()).hasValue(0.5);
        Guardrail hard = guardrail(over(limit.replace("limit\": 0.75", "hardLimit\": 0.9"), STRICT), "agreement");
        assertThat(hard.limit()).isEqualTo(0.95);
        assertThat(hard.hardLimit()).hasValue(0.9);
    }

    @Test
    void aGuardrailOfAnotherKindTakesNothingOfTheTemplates() {
        String named = "{\"guardrails\": [{\"name\": \"mine\", \"kind\": \"KIND\", \"minObservations\": 700}]}";
        Plan plan = over(
                "{\"guardrails\": [{\"name\": \"mine\", \"kind\": \"REFUSAL\"}]}", named.replace("KIND", "COMPLETION"));
        Plan same = over(
                "{\"guardrails\": [{\"name\": \"mine\", \"kind\": \"REFUSAL\"}]}", named.replace("KIND", "REFUSAL"));

        assertThat(guardrail(plan, "mine").minObservations()).isNotEqualTo(700);
        assertThat(guardrail(same, "mine").minObservations()).isEqualTo(700);
    }

    @Test
    void oneFieldOfTheConductLeavesTheTemplatesOthers() {
        Conduct conduct = over("""
                {"validation": {"minExamples": 800}, "noEvidence": {"afterSeconds": 1800},
                 "maxExposure": {"requests": 5000}}
                """, STRICT).conduct();

        assertThat(conduct.validation()).hasValue(new Conduct.Validation(800, 0.95));
        assertThat(conduct.noEvidence()).hasValue(new Conduct.NoEvidence(1_800, OnUndecided.ROLLBACK));
        assertThat(conduct.exposure().devices()).hasValue(50);
        assertThat(conduct.exposure().requests()).hasValue(5_000);
        assertThat(conduct.exposure().minutes()).hasValue(60);
    }
}
