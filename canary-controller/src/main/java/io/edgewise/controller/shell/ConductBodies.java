// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.edgewise.controller.Blackout;
import io.edgewise.controller.Conduct;
import io.edgewise.controller.Exposure;
import io.edgewise.controller.OnUndecided;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// How a plan is carried out, as JSON.
final class ConductBodies {
    private static final long DAY = 24 * 3600L;
    private static final Conduct.Validation USUAL = new Conduct.Validation(100, 0.85);
    private static final long NO_EVIDENCE_SECONDS = 3_600;

    private ConductBodies() {}

    public record ValidationBody(
            @Nullable Long minExamples, @Nullable Double minAgreement) {
        ValidationBody over(ValidationBody base) {
            return new ValidationBody(
                    PlanBody.either(minExamples, base.minExamples), PlanBody.either(minAgreement, base.minAgreement));
        }
    }

    public record NoEvidenceBody(
            @Nullable Long afterSeconds, @Nullable OnUndecided then) {
        NoEvidenceBody over(NoEvidenceBody base) {
            return new NoEvidenceBody(
                    PlanBody.either(afterSeconds, base.afterSeconds), PlanBody.either(then, base.then));
        }
    }

    /// Times of day as "22:00"; no days mean every day; no zone means UTC.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record BlackoutBody(
            @Nullable Set<DayOfWeek> days,
            @Nullable String from,
            @Nullable String until,
            @Nullable String zone) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ExposureBody(
            @Nullable Long devices,
            @Nullable Long requests,
            @Nullable Long minutes) {
        ExposureBody over(ExposureBody base) {
            return new ExposureBody(
                    PlanBody.either(devices, base.devices),
                    PlanBody.either(requests, base.requests),
                    PlanBody.either(minutes, base.minutes));
        }
    }

    /// `procedure`: a plan that names no stages is the whole operating procedure, its offline set and its watch
    /// included; any other has only what it says.
    static Conduct conduct(PlanBody plan, boolean procedure) {
        Optional<Conduct.Validation> validation = plan.validation() == null
                ? procedure ? Optional.of(USUAL) : Optional.empty()
                : Optional.of(new Conduct.Validation(
                        PlanBody.or(plan.validation().minExamples(), USUAL.minExamples()),
                        PlanBody.or(plan.validation().minAgreement(), USUAL.minAgreement())));
        Optional<Conduct.NoEvidence> noEvidence = plan.noEvidence() == null
                ? Optional.empty()
                : Optional.of(new Conduct.NoEvidence(
                        PlanBody.or(plan.noEvidence().afterSeconds(), NO_EVIDENCE_SECONDS),
                        PlanBody.or(plan.noEvidence().then(), OnUndecided.HOLD)));
        List<Blackout> blackouts = new ArrayList<>();
        for (BlackoutBody body : plan.blackouts() == null ? List.<BlackoutBody>of() : plan.blackouts()) {
            blackouts.add(blackout(body, "blackouts[" + blackouts.size() + "]"));
        }
        ExposureBody most = plan.maxExposure();
        Exposure exposure = new Exposure(
                optional(most == null ? null : most.devices()),
                optional(most == null ? null : most.requests()),
                optional(most == null ? null : most.minutes()),
                optional(plan.costBudgetNanos()));
        return new Conduct(
                validation,
                PlanBody.or(plan.safeMode(), false),
                noEvidence,
                blackouts,
                exposure,
                new TreeMap<>(plan.selector() == null ? Map.of() : plan.selector()),
                PlanBody.or(plan.watchSeconds(), procedure ? DAY : 0),
                PlanBody.or(plan.holdbackBp(), procedure ? 100 : 0),
                PlanBody.or(plan.hybrid(), false),
                PlanBody.or(plan.repeatBp(), 0));
    }

    private static Blackout blackout(BlackoutBody body, String path) {
        return new Blackout(
                body.days() == null ? Set.of() : body.days(),
                time(body.from(), path + ".from"),
                time(body.until(), path + ".until"),
                zone(body.zone(), path + ".zone"));
    }

    private static LocalTime time(@Nullable String text, String path) {
        try {
            return LocalTime.parse(text == null ? "" : text);
        } catch (DateTimeException e) {
            throw Problem.invalid("the plan", path + " must be a time of day as 22:00, not " + text);
        }
    }

    private static ZoneId zone(@Nullable String text, String path) {
        try {
            return ZoneId.of(text == null ? "UTC" : text);
        } catch (DateTimeException e) {
            throw Problem.invalid("the plan", path + " \"" + text + "\" is no time zone; write Europe/Berlin or UTC");
        }
    }

    private static OptionalLong optional(@Nullable Long number) {
        return number == null ? OptionalLong.empty() : OptionalLong.of(number);
    }

    static @Nullable Long number(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }

    static @Nullable ValidationBody validation(Conduct conduct) {
        return conduct.validation()
                .map(asked -> new ValidationBody(asked.minExamples(), asked.minAgreement()))
                .orElse(null);
    }

    static @Nullable NoEvidenceBody noEvidence(Conduct conduct) {
        return conduct.noEvidence()
                .map(policy -> new NoEvidenceBody(policy.afterSeconds(), policy.then()))
                .orElse(null);
    }

    static @Nullable List<BlackoutBody> blackouts(Conduct conduct) {
        return conduct.blackouts().isEmpty()
                ? null
                : conduct.blackouts().stream()
                        .map(each -> new BlackoutBody(
                                new TreeSet<>(each.days()),
                                each.from().toString(),
                                each.until().toString(),
                                each.zone().getId()))
                        .toList();
    }

    static @Nullable ExposureBody exposure(Conduct conduct) {
        Exposure most = conduct.exposure();
        return most.devices().isEmpty()
                        && most.requests().isEmpty()
                        && most.minutes().isEmpty()
                ? null
                : new ExposureBody(number(most.devices()), number(most.requests()), number(most.minutes()));
    }
}
