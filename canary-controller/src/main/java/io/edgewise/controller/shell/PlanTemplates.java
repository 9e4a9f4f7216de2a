// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.Names;
import io.edgewise.controller.CanonicalHash;
import io.edgewise.runtime.jdbc.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/// Plans to start from: those that come with the product, and a tenant's own, whose newest version counts.
final class PlanTemplates {
    private static final List<String> BUILT_IN = List.of("standard", "quick", "hybrid", "escalating", "cautious");

    /// `version` 0 came with the product.
    record Template(String name, int version, PlanBody plan) {}

    List<Template> all(Sql sql, String tenant) throws SQLException {
        List<Template> all = new ArrayList<>();
        for (String name : BUILT_IN) {
            all.add(new Template(name, 0, builtIn(name)));
        }
        all.addAll(
                sql.list("""
                SELECT DISTINCT ON (name) name, version, body FROM controller.plan_template
                WHERE tenant = ? ORDER BY name, version DESC
                """, row -> new Template(row.getString(1), row.getInt(2), stored(row.getString(3))), tenant));
        return all;
    }

    Template find(Sql sql, String tenant, String name) throws SQLException {
        if (BUILT_IN.contains(name)) {
            return new Template(name, 0, builtIn(name));
        }
        return newest(sql, tenant, name)
                .orElseThrow(() -> Problem.missing(
                        "template \"" + name + "\"",
                        "GET /api/v1/plans/templates lists those that are; " + BUILT_IN + " come with the product"));
    }

    Template put(Sql sql, String tenant, String name, PlanBody plan, String who, Instant now) throws SQLException {
        try {
            Names.require("template", name);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("the template", String.valueOf(e.getMessage()));
        }
        if (BUILT_IN.contains(name)) {
            throw Problem.conflict("template \"" + name + "\" comes with the product", "give yours another name");
        }
        if (plan.template() != null) {
            throw Problem.invalid("the template", "a template does not name another template");
        }
        Optional<Template> known = newest(sql, tenant, name);
        if (known.isPresent() && known.get().plan().equals(plan)) {
            return known.get();
        }
        int version = known.map(Template::version).orElse(0) + 1;
        String body = Json.write(plan);
        sql.updateOne("""
                INSERT INTO controller.plan_template (tenant, name, version, body, created_by, created_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """, tenant, name, version, body, who, Times.of(now));
        ActBook.append(
                sql,
                tenant,
                new ActBook.Act(
                        "template-saved",
                        who,
                        who + " saved template " + name + ", version " + version + ".",
                        Map.of(
                                "subject",
                                name,
                                "version",
                                version,
                                "sha256",
                                CanonicalHash.of(body.getBytes(StandardCharsets.UTF_8)))),
                now);
        return new Template(name, version, plan);
    }

    /// The plan with what its template says where it says nothing itself.
    PlanBody resolve(Sql sql, String tenant, PlanBody plan) throws SQLException {
        String name = plan.template();
        return name == null ? plan : over(plan, find(sql, tenant, name).plan());
    }

    private static Optional<Template> newest(Sql sql, String tenant, String name) throws SQLException {
        return sql.first(
                """
                SELECT name, version, body FROM controller.plan_template
                WHERE tenant = ? AND name = ? ORDER BY version DESC LIMIT 1
                """, row -> new Template(row.getString(1), row.getInt(2), stored(row.getString(3))), tenant, name);
    }

    private static PlanBody stored(String body) {
        return Json.stored(body, PlanBody.class);
    }

    private static PlanBody builtIn(String name) {
        try (InputStream in =
                PlanTemplates.class.getResourceAsStream("/io/edgewise/controller/templates/" + name + ".json")) {
            if (in == null) {
                throw new IllegalStateException("the template " + name + " is not in this program");
            }
            return stored(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("the template " + name + " cannot be read", e);
        }
    }

    /// Field by field, also within guardrails (by name), the offline set, `noEvidence` and `maxExposure`. Other lists
    /// and maps are taken whole from one of the two, stages among them.
    static PlanBody over(PlanBody plan, PlanBody base) {
        return new PlanBody(
                PlanBody.either(plan.name(), base.name()),
                PlanBody.either(plan.stages(), base.stages()),
                guardrails(plan.guardrails(), base.guardrails()),
                PlanBody.either(plan.alphaRollback(), base.alphaRollback()),
                PlanBody.either(plan.alphaPromotion(), base.alphaPromotion()),
                PlanBody.either(plan.freshnessSeconds(), base.freshnessSeconds()),
                PlanBody.either(plan.horizonSeconds(), base.horizonSeconds()),
                PlanBody.either(plan.returnSpreadSeconds(), base.returnSpreadSeconds()),
                PlanBody.either(plan.leaseMinutes(), base.leaseMinutes()),
                PlanBody.either(plan.waivers(), base.waivers()),
                PlanBody.either(plan.truth(), base.truth()),
                PlanBody.either(plan.devices(), base.devices()),
                null,
                merged(plan.validation(), base.validation(), ConductBodies.ValidationBody::over),
                PlanBody.either(plan.safeMode(), base.safeMode()),
                merged(plan.noEvidence(), base.noEvidence(), ConductBodies.NoEvidenceBody::over),
                PlanBody.either(plan.blackouts(), base.blackouts()),
                merged(plan.maxExposure(), base.maxExposure(), ConductBodies.ExposureBody::over),
                PlanBody.either(plan.costBudgetNanos(), base.costBudgetNanos()),
                PlanBody.either(plan.selector(), base.selector()),
                PlanBody.either(plan.watchSeconds(), base.watchSeconds()),
                PlanBody.either(plan.holdbackBp(), base.holdbackBp()),
                PlanBody.either(plan.hybrid(), base.hybrid()),
                PlanBody.either(plan.repeatBp(), base.repeatBp()));
    }

    private static <T> @Nullable T merged(@Nullable T given, @Nullable T base, BinaryOperator<T> over) {
        return given == null || base == null ? PlanBody.either(given, base) : over.apply(given, base);
    }

    private static @Nullable List<PlanBody.GuardrailBody> guardrails(
            @Nullable List<PlanBody.GuardrailBody> given, @Nullable List<PlanBody.GuardrailBody> base) {
        if (given == null || base == null) {
            return PlanBody.either(given, base);
        }
        Map<String, PlanBody.GuardrailBody> merged = new LinkedHashMap<>();
        base.forEach(each -> merged.put(String.valueOf(each.name()), each));
        given.forEach(each -> merged.merge(String.valueOf(each.name()), each, (old, fresh) -> fresh.over(old)));
        return List.copyOf(merged.values());
    }
}
