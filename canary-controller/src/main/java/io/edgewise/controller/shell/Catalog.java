// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.Names;
import io.edgewise.contracts.Workload;
import io.edgewise.controller.Model;
import io.edgewise.controller.Policy;
import io.edgewise.controller.shell.Bodies.BuildBody;
import io.edgewise.controller.shell.Bodies.BuildView;
import io.edgewise.controller.shell.Bodies.WorkloadBody;
import io.edgewise.controller.shell.Bodies.WorkloadView;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Workloads and builds as operators define them.
final class Catalog {
    private record Version(int version, String definition) {}

    /// Makes a new version when the definition differs from the newest one.
    WorkloadView define(Sql sql, String tenant, String name, WorkloadBody given, Instant now) throws SQLException {
        WorkloadBody body = complete(given);
        Optional<Version> newest = newest(sql, tenant, name);
        String definition = Json.write(body);
        int version = newest.map(Version::version).orElse(0) + 1;
        if (newest.isPresent() && newest.get().definition().equals(definition)) {
            return new WorkloadView(name, newest.get().version(), body);
        }
        workload(name, version, body);
        sql.updateOne(
                "INSERT INTO controller.workload (tenant, name, version, definition, created_at) VALUES (?, ?, ?, ?,"
                        + " ?)",
                tenant,
                name,
                version,
                definition,
                Times.of(now));
        return new WorkloadView(name, version, body);
    }

    private static WorkloadBody complete(WorkloadBody body) {
        return new WorkloadBody(
                body.kind() == null ? Workload.Kind.CLASSIFICATION : body.kind(),
                or(body.labels(), List.of()),
                new TreeSet<>(or(body.refusalLabels(), Set.of())),
                or(body.agreement(), "exact"),
                or(body.currency(), "USD"),
                or(body.priceCard(), "1"),
                new TreeMap<>(or(body.prices(), Map.of())),
                Boolean.FALSE.equals(body.frontierAllowed()) ? false : null,
                Boolean.TRUE.equals(body.inputsStay()) ? true : null,
                sensitive(body));
    }

    private static @Nullable List<String> sensitive(WorkloadBody body) {
        List<String> attributes = or(body.sensitive(), List.<String>of()).stream()
                .distinct()
                .sorted()
                .toList();
        for (String attribute : attributes) {
            if (!Names.isValid(attribute)) {
                throw Problem.invalid(
                        "the workload",
                        "sensitive: \"" + attribute + "\" is no name of a slice attribute; write [\"locale\"]");
            }
        }
        return attributes.isEmpty() ? null : attributes;
    }

    private static <T> T or(@Nullable T given, T otherwise) {
        return given == null ? otherwise : given;
    }

    private static Workload workload(String name, int version, WorkloadBody body) {
        try {
            return new Workload(
                    name,
                    version,
                    or(body.kind(), Workload.Kind.CLASSIFICATION),
                    or(body.labels(), List.of()),
                    or(body.refusalLabels(), Set.of()),
                    or(body.agreement(), ""),
                    or(body.currency(), ""),
                    or(body.priceCard(), ""),
                    or(body.prices(), Map.of()));
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("the workload", String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Version> newest(Sql sql, String tenant, String name) throws SQLException {
        return sql.first("""
            SELECT version, definition FROM controller.workload
            WHERE tenant = ? AND name = ? ORDER BY version DESC LIMIT 1
            """, row -> new Version(row.getInt("version"), row.getString("definition")), tenant, name);
    }

    Workload workload(Sql sql, String tenant, String name) throws SQLException {
        Version newest = newest(sql, tenant, name)
                .orElseThrow(() ->
                        Problem.missing("workload \"" + name + "\"", "define it first: PUT /api/v1/workloads/" + name));
        return workload(name, newest.version(), Json.stored(newest.definition(), WorkloadBody.class));
    }

    /// What the newest definition allows.
    Policy policy(Sql sql, String tenant, String name) throws SQLException {
        return newest(sql, tenant, name)
                .map(version -> Json.stored(version.definition(), WorkloadBody.class))
                .map(body -> new Policy(
                        !Boolean.FALSE.equals(body.frontierAllowed()), Boolean.TRUE.equals(body.inputsStay())))
                .orElse(Policy.OPEN);
    }

    /// Slice attributes whose groups must fare alike, as the newest definition says.
    List<String> sensitive(Sql sql, String tenant, String name) throws SQLException {
        return newest(sql, tenant, name)
                .map(version -> Json.stored(version.definition(), WorkloadBody.class))
                .map(body -> or(body.sensitive(), List.<String>of()))
                .orElse(List.of());
    }

    /// What a request may cost by default: what the champion costs. Empty where the price card does not say.
    static OptionalLong budget(Workload workload, Model champion) {
        Long price = switch (champion) {
            case Model.Frontier frontier -> workload.prices().get(frontier.name());
            case Model.Build build -> workload.prices().get("edge");
        };
        return price == null || price < 1 ? OptionalLong.empty() : OptionalLong.of(price);
    }

    /// A build's artifacts never change: another artifact is another build.
    BuildView register(Sql sql, String tenant, String name, BuildBody body, Instant now) throws SQLException {
        if (body.workload() == null
                || body.artifacts() == null
                || body.artifacts().isEmpty()) {
            throw Problem.invalid(
                    "the build", "it needs \"workload\" and \"artifacts\", for example {\"any\": \"<sha256>\"}");
        }
        workload(sql, tenant, body.workload());
        Model.Build build = build(name, body.artifacts());
        sql.update(
                """
                INSERT INTO controller.build AS b (tenant, name, workload, artifacts, quantization, created_at, trained_on)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (tenant, name) DO UPDATE SET trained_on = excluded.trained_on WHERE b.trained_on IS NULL
                """,
                tenant,
                name,
                body.workload(),
                Json.write(new TreeMap<>(build.artifacts())),
                Json.write(or(body.quantization(), Map.of())),
                Times.of(now),
                trainedOn(body.trainedOn()));
        Model.Build kept = build(sql, tenant, name, body.workload());
        if (!kept.artifacts().equals(build.artifacts())) {
            throw Problem.conflict(
                    "build \"" + name + "\" is there with other artifacts",
                    "a build never changes; register the new artifacts under a new name");
        }
        return new BuildView(name, body.workload(), new TreeMap<>(kept.artifacts()));
    }

    private static @Nullable LocalDate trainedOn(@Nullable String day) {
        try {
            return day == null ? null : LocalDate.parse(day);
        } catch (DateTimeParseException e) {
            throw Problem.invalid("the build", "trainedOn is \"" + day + "\"; write a day as 2026-05-01");
        }
    }

    Model.Build build(Sql sql, String tenant, String name, String workload) throws SQLException {
        record Found(String workload, String artifacts) {}
        Found found = sql.first(
                        "SELECT workload, artifacts FROM controller.build WHERE tenant = ? AND name = ?",
                        row -> new Found(row.getString(1), row.getString(2)),
                        tenant,
                        name)
                .orElseThrow(() ->
                        Problem.missing("build \"" + name + "\"", "register it first: PUT /api/v1/builds/" + name));
        if (!found.workload().equals(workload)) {
            throw Problem.conflict(
                    "build \"" + name + "\" belongs to another workload",
                    "it was registered for \"" + found.workload() + "\", not for \"" + workload + "\"");
        }
        return build(name, Json.texts(found.artifacts()));
    }

    private static Model.Build build(String name, Map<String, String> artifacts) {
        try {
            Names.require("build", name);
            return new Model.Build(name, artifacts);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("the build", String.valueOf(e.getMessage()));
        }
    }
}
