// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.edgewise.controller.Conduct;
import io.edgewise.controller.Gate;
import io.edgewise.controller.Guardrail;
import io.edgewise.controller.GuardrailKind;
import io.edgewise.controller.HybridTerms;
import io.edgewise.controller.OnUndecided;
import io.edgewise.controller.Plan;
import io.edgewise.controller.PlanDefaults;
import io.edgewise.controller.Stage;
import io.edgewise.controller.Terms;
import io.edgewise.controller.TruthSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A plan as JSON. What is left out is filled in from {@link PlanDefaults}: guardrails by name, a stage's fields by its
/// place, gates by guardrail.
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlanBody(
        @Nullable String name,
        @Nullable List<StageBody> stages,
        @Nullable List<GuardrailBody> guardrails,
        @Nullable Double alphaRollback,
        @Nullable Double alphaPromotion,
        @Nullable Integer freshnessSeconds,
        @Nullable Long horizonSeconds,
        @Nullable Integer returnSpreadSeconds,
        @Nullable Integer leaseMinutes,
        @Nullable Map<String, String> waivers,
        @Nullable Set<TruthSource> truth,
        @Nullable Long devices,
        @Nullable String template,
        ConductBodies.@Nullable ValidationBody validation,
        @Nullable Boolean safeMode,
        ConductBodies.@Nullable NoEvidenceBody noEvidence,
        @Nullable List<ConductBodies.BlackoutBody> blackouts,
        ConductBodies.@Nullable ExposureBody maxExposure,
        @Nullable Long costBudgetNanos,
        @Nullable Map<String, String> selector,
        @Nullable Long watchSeconds,
        @Nullable Integer holdbackBp,
        @Nullable Boolean hybrid,
        @Nullable Integer repeatBp) {

    /// A stage; only `shareBp` has no default.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record StageBody(
            @Nullable String name,
            @JsonAlias("share_bp") @Nullable Integer shareBp,
            @Nullable Long minSeconds,
            @Nullable Long maxSeconds,
            @Nullable Long minObservations,
            @Nullable Long minDevices,
            @Nullable Integer pairingCanaryBp,
            @Nullable Integer pairingControlBp,
            @Nullable Map<String, Gate> gates,
            @Nullable OnUndecided onUndecided,
            @Nullable Long minPairs,
            @Nullable Integer approvals,
            @Nullable HybridBody hybrid) {}

    /// Which answers of the edge a stage doubts; `confidence` is 0.9 where it says nothing.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record HybridBody(
            @Nullable Double confidence,
            @Nullable Double entropy,
            @Nullable Integer longestInput,
            @Nullable List<String> rules,
            @Nullable Double routerScore,
            HybridTerms.@Nullable Escalation escalation) {}

    /// A guardrail; one with the name of a default needs only what differs.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record GuardrailBody(
            @Nullable String name,
            @Nullable GuardrailKind kind,
            @Nullable Double limit,
            @Nullable Double weight,
            @Nullable Double hardLimit,
            @Nullable Long minObservations,
            @Nullable List<Long> looks,
            @Nullable List<String> slices,
            @Nullable Map<String, Double> budgets) {
        /// With what the other one of its name says where it says nothing itself. Another kind measures something else,
        /// and a hard limit that came with another limit may lie on the wrong side of the new one.
        GuardrailBody over(GuardrailBody base) {
            GuardrailKind known = base.kind == null ? byName(String.valueOf(base.name)) : base.kind;
            if (kind != null && kind != known) {
                return this;
            }
            return new GuardrailBody(
                    name,
                    either(kind, base.kind),
                    either(limit, base.limit),
                    either(weight, base.weight),
                    limit == null ? either(hardLimit, base.hardLimit) : hardLimit,
                    either(minObservations, base.minObservations),
                    either(looks, base.looks),
                    either(slices, base.slices),
                    either(budgets, base.budgets));
        }
    }

    static final PlanBody NOTHING = Json.stored("{}", PlanBody.class);

    /// The whole plan. `budgetNanos` is what the workload's champion costs.
    Plan complete(String defaultName, OptionalLong budgetNanos) {
        List<Guardrail> all = merged(budgetNanos);
        Conduct conduct = ConductBodies.conduct(this, stages == null || stages.isEmpty());
        return with(defaultName, all, steps(all, false), Set.of(TruthSource.FEEDBACK), conduct);
    }

    /// A stored plan, which says everything.
    Plan stored() {
        List<Guardrail> all = new ArrayList<>();
        for (GuardrailBody body : guardrails == null ? List.<GuardrailBody>of() : guardrails) {
            all.add(guardrail(body.name() == null ? "" : body.name(), body, null));
        }
        return with("", all, steps(all, true), Set.of(), ConductBodies.conduct(this, false));
    }

    private List<Stage> steps(List<Guardrail> all, boolean exact) {
        return stages == null || stages.isEmpty() ? PlanDefaults.stages(all) : stages(stages, all, exact);
    }

    private Plan with(
            String defaultName,
            List<Guardrail> all,
            List<Stage> steps,
            Set<TruthSource> defaultTruth,
            Conduct conduct) {
        Terms terms = PlanDefaults.terms(steps);
        return new Plan(
                name == null ? defaultName : name,
                steps,
                all,
                new Terms(
                        or(alphaRollback, terms.alphaRollback()),
                        or(alphaPromotion, terms.alphaPromotion()),
                        or(freshnessSeconds, terms.freshnessSeconds()),
                        or(horizonSeconds, terms.horizonSeconds() + conduct.watchSeconds()),
                        or(returnSpreadSeconds, terms.returnSpreadSeconds()),
                        or(leaseMinutes, terms.leaseMinutes()),
                        devices == null ? OptionalLong.empty() : OptionalLong.of(devices)),
                new TreeMap<>(waivers == null ? Map.of() : waivers),
                truth == null ? defaultTruth : truth,
                conduct);
    }

    static <T> T or(@Nullable T given, T otherwise) {
        return given == null ? otherwise : given;
    }

    static <T> @Nullable T either(@Nullable T given, @Nullable T otherwise) {
        return given == null ? otherwise : given;
    }

    private List<Guardrail> merged(OptionalLong budgetNanos) {
        Map<String, Guardrail> merged = new LinkedHashMap<>();
        PlanDefaults.guardrails(budgetNanos).forEach(guardrail -> merged.put(guardrail.name(), guardrail));
        Set<String> weighted = new TreeSet<>();
        for (GuardrailBody body : guardrails == null ? List.<GuardrailBody>of() : guardrails) {
            if (body.name() == null) {
                throw Problem.invalid("the plan", "guardrails: one has no name");
            }
            merged.put(body.name(), guardrail(body.name(), body, merged.get(body.name())));
            if (body.weight() != null) {
                weighted.add(body.name());
            }
        }
        double given = merged.values().stream()
                .filter(guardrail -> weighted.contains(guardrail.name()))
                .mapToDouble(Guardrail::weight)
                .sum();
        double each = (1 - given) / Math.max(1, merged.size() - weighted.size());
        return merged.values().stream()
                .map(guardrail -> weighted.contains(guardrail.name()) ? guardrail : weighing(guardrail, each))
                .toList();
    }

    private static Guardrail weighing(Guardrail guardrail, double weight) {
        return new Guardrail(
                guardrail.name(),
                guardrail.kind(),
                guardrail.limit(),
                weight,
                guardrail.hardLimit(),
                guardrail.minObservations(),
                guardrail.looks(),
                guardrail.slices(),
                guardrail.budgets());
    }

    private static Guardrail guardrail(String name, GuardrailBody body, @Nullable Guardrail known) {
        GuardrailKind kind = body.kind() != null ? body.kind() : known != null ? known.kind() : byName(name);
        if (kind == null) {
            throw Problem.invalid(
                    "the plan", "guardrails." + name + ".kind is missing; one of " + List.of(GuardrailKind.values()));
        }
        Guardrail base = known != null && known.kind() == kind ? known : PlanDefaults.guardrail(kind, 1, 0);
        // A hard limit that came with another limit may lie on the wrong side of the new one.
        OptionalDouble hard = body.hardLimit() != null
                ? OptionalDouble.of(body.hardLimit())
                : body.limit() == null ? base.hardLimit() : OptionalDouble.empty();
        return new Guardrail(
                name,
                kind,
                or(body.limit(), base.limit()),
                or(body.weight(), base.weight()),
                hard,
                or(body.minObservations(), base.minObservations()),
                or(body.looks(), base.looks()),
                or(body.slices(), base.slices()),
                new TreeMap<>(or(body.budgets(), base.budgets())));
    }

    private static @Nullable GuardrailKind byName(String name) {
        for (GuardrailKind kind : GuardrailKind.values()) {
            if (PlanDefaults.guardrail(kind, 1, 1).name().equals(name)) {
                return kind;
            }
        }
        return null;
    }

    /// `exact`: gates that are not named are not there.
    private static List<Stage> stages(List<StageBody> bodies, List<Guardrail> guardrails, boolean exact) {
        List<Stage> stages = new ArrayList<>();
        for (int i = 0; i < bodies.size(); i++) {
            StageBody body = bodies.get(i);
            if (body.shareBp() == null) {
                throw Problem.invalid("the plan", "stages[" + i + "].shareBp is missing; 100 is 1 %");
            }
            int share = body.shareBp();
            String name = i == 0 ? "shadow" : (share % 100 == 0 ? share / 100 + " %" : share / 100.0 + " %");
            Optional<HybridTerms> hybrid = HybridBodies.terms(body.hybrid());
            name += hybrid.map(terms -> " from " + terms.confidence()).orElse("");
            Stage base = PlanDefaults.stage(name, i, share, guardrails);
            SortedMap<String, Gate> gates = new TreeMap<>(exact ? Map.of() : base.gates());
            if (body.gates() != null) {
                gates.putAll(body.gates());
            }
            long min = or(body.minSeconds(), base.minSeconds());
            stages.add(new Stage(
                    or(body.name(), base.name()),
                    share,
                    min,
                    or(body.maxSeconds(), Math.max(base.maxSeconds(), 2 * min)),
                    or(body.minObservations(), base.minObservations()),
                    or(body.minDevices(), base.minDevices()),
                    or(body.pairingCanaryBp(), base.pairingCanaryBp()),
                    or(body.pairingControlBp(), base.pairingControlBp()),
                    gates,
                    or(body.onUndecided(), base.onUndecided()),
                    or(body.minPairs(), base.minPairs()),
                    or(body.approvals(), base.approvals()),
                    hybrid));
        }
        return stages;
    }

    /// Everything the plan says, so that completing it gives the same plan.
    static PlanBody of(Plan plan) {
        Conduct conduct = plan.conduct();
        return new PlanBody(
                plan.name(),
                plan.stages().stream().map(PlanBody::body).toList(),
                plan.guardrails().stream().map(PlanBody::body).toList(),
                plan.terms().alphaRollback(),
                plan.terms().alphaPromotion(),
                plan.terms().freshnessSeconds(),
                plan.terms().horizonSeconds(),
                plan.terms().returnSpreadSeconds(),
                plan.terms().leaseMinutes(),
                plan.waivers(),
                plan.truth(),
                plan.terms().devices().isPresent() ? plan.terms().devices().getAsLong() : null,
                null,
                ConductBodies.validation(conduct),
                conduct.safeMode() ? true : null,
                ConductBodies.noEvidence(conduct),
                ConductBodies.blackouts(conduct),
                ConductBodies.exposure(conduct),
                ConductBodies.number(conduct.exposure().costNanos()),
                conduct.selector().isEmpty() ? null : conduct.selector(),
                conduct.watchSeconds() == 0 ? null : conduct.watchSeconds(),
                conduct.holdbackBp() == 0 ? null : conduct.holdbackBp(),
                conduct.hybrid() ? true : null,
                conduct.repeatBp() == 0 ? null : conduct.repeatBp());
    }

    private static StageBody body(Stage stage) {
        return new StageBody(
                stage.name(),
                stage.shareBp(),
                stage.minSeconds(),
                stage.maxSeconds(),
                stage.minObservations(),
                stage.minDevices(),
                stage.pairingCanaryBp(),
                stage.pairingControlBp(),
                stage.gates(),
                stage.onUndecided(),
                stage.minPairs() == 0 ? null : stage.minPairs(),
                stage.approvals() == 0 ? null : stage.approvals(),
                stage.hybrid().map(HybridBodies::body).orElse(null));
    }

    private static GuardrailBody body(Guardrail guardrail) {
        return new GuardrailBody(
                guardrail.name(),
                guardrail.kind(),
                guardrail.limit(),
                guardrail.weight(),
                guardrail.hardLimit().isPresent() ? guardrail.hardLimit().getAsDouble() : null,
                guardrail.minObservations(),
                guardrail.kind() == GuardrailKind.CALIBRATION ? guardrail.looks() : null,
                guardrail.slices().isEmpty() ? null : guardrail.slices(),
                guardrail.budgets().isEmpty() ? null : guardrail.budgets());
    }
}
