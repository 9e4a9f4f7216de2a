// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.Workload;
import io.edgewise.controller.InvalidPlan;
import io.edgewise.controller.Model;
import io.edgewise.controller.Plan;
import io.edgewise.controller.PlanCheck;
import io.edgewise.controller.Policy;
import io.edgewise.controller.Traffic;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What people ask about plans before anything begins.
@ApplicationScoped
public class PlanDesk {
    private final Database database;
    private final InstantSource clock;
    private final String tenant;
    private final Catalog catalog = new Catalog();
    private final PlanTemplates templates = new PlanTemplates();

    @Inject
    public PlanDesk(Database database, InstantSource clock, ControllerConfig config) {
        this.database = database;
        this.clock = clock;
        this.tenant = config.tenant();
    }

    /// What a check is asked with; without `workload` nothing is known of budgets and policy.
    public record CheckBody(
            @Nullable String workload,
            Bodies.@Nullable ChampionBody champion,
            @Nullable PlanBody plan,
            @Nullable TrafficBody traffic) {}

    public record TrafficBody(
            @Nullable Double requestsPerSecond,
            @Nullable Long devices,
            @Nullable Double unitsPerDevice,
            @Nullable Double truthShare,
            @Nullable Double correlation,
            @Nullable Map<String, Double> expected) {}

    public record CheckView(
            PlanCheck.Level verdict,
            List<PlanCheck.Finding> findings,
            List<String> refused,
            String planHash,
            PlanBody plan) {}

    /// The JSON Schema of a plan.
    public static String schema() {
        return Published.PLAN_SCHEMA.text();
    }

    public CheckView check(String body) {
        CheckBody asked = Json.read("the question", body, CheckBody.class);
        TrafficBody given = asked.traffic();
        if (given == null || given.requestsPerSecond() == null || given.devices() == null) {
            throw Problem.invalid(
                    "the question", "it needs traffic: {\"requestsPerSecond\", \"devices\"} of the whole fleet");
        }
        Traffic traffic = traffic(given, given.requestsPerSecond(), given.devices());
        return Transactions.run(database, sql -> check(sql, asked, traffic));
    }

    private CheckView check(Sql sql, CheckBody asked, Traffic traffic) throws SQLException {
        Model champion = champion(sql, asked);
        OptionalLong budget = OptionalLong.empty();
        Policy policy = Policy.OPEN;
        if (asked.workload() != null) {
            Workload workload = catalog.workload(sql, tenant, asked.workload());
            budget = Catalog.budget(workload, champion);
            policy = catalog.policy(sql, tenant, asked.workload());
        }
        PlanBody given = asked.plan() == null ? PlanBody.NOTHING : asked.plan();
        Plan plan = complete(templates.resolve(sql, tenant, given), "plan", budget);
        List<PlanCheck.Finding> findings = PlanCheck.of(plan, traffic);
        List<String> refused = new ArrayList<>(policy.faults(plan, champion));
        PlanCheck.Level verdict = refused.isEmpty() ? PlanCheck.worst(findings) : PlanCheck.Level.REFUSE;
        return new CheckView(verdict, findings, refused, plan.hash(), PlanBody.of(plan));
    }

    private Model champion(Sql sql, CheckBody asked) throws SQLException {
        Bodies.ChampionBody champion = asked.champion();
        if (champion != null && champion.build() != null && asked.workload() != null) {
            return catalog.build(sql, tenant, champion.build(), asked.workload());
        }
        String frontier = champion == null || champion.frontier() == null ? "frontier" : champion.frontier();
        try {
            return new Model.Frontier(frontier);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("the question", "champion.frontier: " + e.getMessage());
        }
    }

    static Plan complete(PlanBody body, String name, OptionalLong budget) {
        try {
            return body.complete(name, budget);
        } catch (InvalidPlan e) {
            throw Problem.invalid("the plan", String.join("; ", e.faults()));
        }
    }

    private static Traffic traffic(TrafficBody body, double requestsPerSecond, long devices) {
        try {
            Traffic usual = Traffic.of(requestsPerSecond, devices);
            return new Traffic(
                    requestsPerSecond,
                    devices,
                    PlanBody.or(body.unitsPerDevice(), usual.unitsPerDevice()),
                    PlanBody.or(body.truthShare(), usual.truthShare()),
                    PlanBody.or(body.correlation(), usual.correlation()),
                    new TreeMap<>(body.expected() == null ? Map.of() : body.expected()));
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("the question", String.valueOf(e.getMessage()));
        }
    }

    List<PlanTemplates.Template> templates() {
        return Transactions.run(database, sql -> templates.all(sql, tenant));
    }

    PlanTemplates.Template template(String name) {
        return Transactions.run(database, sql -> templates.find(sql, tenant, name));
    }

    PlanTemplates.Template put(String name, String body, String who) {
        PlanBody plan = Json.read("the template", body, PlanBody.class);
        complete(plan, name, OptionalLong.of(1));
        return Transactions.run(database, sql -> templates.put(sql, tenant, name, plan, who, clock.instant()));
    }
}
