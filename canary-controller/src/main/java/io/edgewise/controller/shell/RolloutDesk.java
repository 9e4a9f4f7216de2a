// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.RolloutId;
import io.edgewise.contracts.Ulid;
import io.edgewise.contracts.Workload;
import io.edgewise.contracts.audit.ChainLink;
import io.edgewise.controller.Act;
import io.edgewise.controller.KeyCabinet;
import io.edgewise.controller.Model;
import io.edgewise.controller.Phase;
import io.edgewise.controller.Plan;
import io.edgewise.controller.Rollout;
import io.edgewise.controller.RolloutMachine;
import io.edgewise.controller.Terms;
import io.edgewise.controller.Transition;
import io.edgewise.controller.shell.Bodies.ActBody;
import io.edgewise.controller.shell.Bodies.AuditView;
import io.edgewise.controller.shell.Bodies.BuildBody;
import io.edgewise.controller.shell.Bodies.BuildView;
import io.edgewise.controller.shell.Bodies.ChampionBody;
import io.edgewise.controller.shell.Bodies.DecisionView;
import io.edgewise.controller.shell.Bodies.RolloutView;
import io.edgewise.controller.shell.Bodies.StartBody;
import io.edgewise.controller.shell.Bodies.ValidationResultBody;
import io.edgewise.controller.shell.Bodies.WorkloadBody;
import io.edgewise.controller.shell.Bodies.WorkloadView;
import io.edgewise.runtime.access.Caller;
import io.edgewise.runtime.access.Right;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import io.edgewise.statistics.multiple.AlphaShares;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What operators ask of the controller. Each call is one transaction.
@ApplicationScoped
public class RolloutDesk {
    private static final int LISTED = 100;
    private static final int LAST_DECISIONS = 10;

    private final Database database;
    private final InstantSource clock;
    private final String tenant;
    private final RolloutRows rollouts = new RolloutRows();
    private final DecisionRows decisions = new DecisionRows();
    private final Catalog catalog = new Catalog();
    private final PlanTemplates templates = new PlanTemplates();
    private final Looking looking;
    private final Enactment enactment;
    private final Acting acting;
    private final RandomGenerator random = new SecureRandom();

    @Inject
    public RolloutDesk(
            Database database, KeyCabinet keys, InstantSource clock, ControllerConfig config, Looking looking) {
        this.database = database;
        this.clock = clock;
        this.tenant = config.tenant();
        this.looking = looking;
        this.enactment = new Enactment(rollouts, keys, config.pace());
        this.acting = new Acting(tenant, rollouts, looking, enactment);
    }

    public WorkloadView define(String name, String body) {
        return define(name, body, Caller.OPERATOR);
    }

    WorkloadView define(String name, String body, Caller caller) {
        WorkloadBody definition = Json.read("the workload", body, WorkloadBody.class);
        return transact(sql -> {
            WorkloadView view = catalog.define(sql, tenant, name, definition, now());
            note(sql, "workload-defined", caller, "defined workload " + name + ", version " + view.version(), name);
            return view;
        });
    }

    public BuildView register(String name, String body) {
        return register(name, body, Caller.OPERATOR);
    }

    BuildView register(String name, String body, Caller caller) {
        BuildBody build = Json.read("the build", body, BuildBody.class);
        return transact(sql -> {
            BuildView view = catalog.register(sql, tenant, name, build, now());
            note(sql, "build-registered", caller, "registered build " + name + " of " + view.workload(), name);
            return view;
        });
    }

    private void note(Sql sql, String kind, Caller caller, String what, String subject) throws SQLException {
        ActBook.append(
                sql,
                tenant,
                new ActBook.Act(kind, caller.name(), caller.name() + " " + what + ".", Map.of("subject", subject)),
                now());
    }

    public RolloutView start(String body) {
        return start(body, Caller.OPERATOR, Requests.Once.NO);
    }

    RolloutView start(String body, Caller caller, Requests.Once once) {
        StartBody asked = Json.read("the rollout", body, StartBody.class);
        return transact(sql ->
                Requests.once(sql, tenant, once, now(), RolloutView.class, inner -> start(inner, asked, caller)));
    }

    /// The same challenger by the same plan once more. Promotion has the next share of the first try's error: whoever
    /// tries until it passes pays for each try.
    RolloutView retry(String rollout, Caller caller, Requests.Once once) {
        return transact(sql -> Requests.once(sql, tenant, once, now(), RolloutView.class, inner -> {
            Kept before = found(inner, rollout);
            Rollout.Identity identity = before.rollout().identity();
            if (!(before.rollout().phase() instanceof Phase.RolledBack
                    || before.rollout().phase() instanceof Phase.Aborted)) {
                throw Problem.conflict(
                        "only a rollout that was rolled back or aborted can be tried again",
                        "it is " + before.rollout().phase().text());
            }
            String first = rollouts.firstTry(inner, rollout);
            long tries = rollouts.tries(inner, identity);
            Terms terms = found(inner, first).plan().terms();
            double alpha = AlphaShares.of(terms.alphaPromotion(), tries + 1);
            PlanBody plan = PlanTemplates.over(
                    Json.stored("{\"alphaPromotion\": " + alpha + "}", PlanBody.class), PlanBody.of(before.plan()));
            Model champion = identity.champion();
            ChampionBody body = champion instanceof Model.Frontier
                    ? new ChampionBody(champion.name(), null)
                    : new ChampionBody(null, champion.name());
            StartBody again = new StartBody(
                    identity.workload(), body, identity.challenger().name(), plan, caller.name(), false);
            RolloutView view = start(inner, again, caller);
            rollouts.triesAgain(inner, view.rollout(), first);
            return view;
        }));
    }

    private RolloutView start(Sql sql, StartBody asked, Caller caller) throws SQLException {
        if (asked.workload() == null || asked.challenger() == null) {
            throw Problem.invalid("the rollout", "it needs \"workload\", \"champion\" and \"challenger\"");
        }
        Workload workload = catalog.workload(sql, tenant, asked.workload());
        Model champion = champion(sql, asked.champion(), workload.name());
        Model.Build challenger = catalog.build(sql, tenant, asked.challenger(), workload.name());
        if (champion.equals(challenger)) {
            throw Problem.invalid("the rollout", "champion and challenger are the same build");
        }
        boolean draft = Boolean.TRUE.equals(asked.draft());
        Optional<Stops.Stop> stop = Stops.of(sql, tenant, workload.name());
        if (stop.isPresent() && !draft) {
            throw Problem.conflict("a stop holds", stop.get().sentence() + "; an admin lifts it: DELETE /api/v1/stops");
        }
        Optional<String> running = rollouts.running(sql, tenant, workload.name());
        if (running.isPresent() && !draft) {
            throw alreadyRunning(workload.name(), running.get());
        }
        PlanBody given = asked.plan() == null ? PlanBody.NOTHING : asked.plan();
        Plan plan = PlanDesk.complete(
                templates.resolve(sql, tenant, given),
                "rollout of " + challenger.name(),
                Catalog.budget(workload, champion));
        List<String> refused = catalog.policy(sql, tenant, workload.name()).faults(plan, champion);
        if (!refused.isEmpty()) {
            throw Problem.invalid("the plan", String.join("; ", refused));
        }
        Instant now = now();
        Rollout.Identity identity = new Rollout.Identity(
                new RolloutId(Ulid.of(now, random)), tenant, workload.name(), champion, challenger, now);
        String who = caller.as(asked.who() == null ? "" : asked.who());
        Transition transition = RolloutMachine.start(identity, plan, who, draft);
        Kept fresh = new Kept(transition.next(), plan, 0, 0, ChainLink.ROOT, "", new Kept.Shown("", now, 0));
        Kept kept = enactment.begin(sql, fresh, transition, now);
        return view(sql, kept);
    }

    private Model champion(Sql sql, @Nullable ChampionBody champion, String workload) throws SQLException {
        String frontier = champion == null ? null : champion.frontier();
        String build = champion == null ? null : champion.build();
        if (frontier != null && build == null) {
            try {
                return new Model.Frontier(frontier);
            } catch (IllegalArgumentException e) {
                throw Problem.invalid("the rollout", "champion.frontier: " + e.getMessage());
            }
        }
        if (build != null && frontier == null) {
            return catalog.build(sql, tenant, build, workload);
        }
        throw Problem.invalid("the rollout", "champion is {\"frontier\": name} or {\"build\": name}");
    }

    private static Problem alreadyRunning(String workload, String rollout) {
        return Problem.conflict(
                "workload \"" + workload + "\" has a running rollout",
                "wait for " + rollout + " to end, or roll it back or abort it first");
    }

    public List<RolloutView> list() {
        return transact(sql -> {
            List<Kept> newest = rollouts.newest(sql, tenant, LISTED);
            return newest.stream().map(Views::bare).toList();
        });
    }

    public RolloutView get(String rollout) {
        return transact(sql -> view(sql, found(sql, rollout)));
    }

    public List<DecisionView> decisions(String rollout) {
        return transact(sql -> {
            found(sql, rollout);
            return decisions.all(sql, rollout).stream().map(Views::decision).toList();
        });
    }

    public AuditView audit(String rollout) {
        return Transactions.snapshot(database, sql -> {
            Kept kept = found(sql, rollout);
            List<ChainLink.Stored> log = decisions.all(sql, rollout);
            OptionalLong bad = ChainLink.firstBad(log, kept.decisions());
            if (bad.isEmpty() && !log.isEmpty() && !log.getLast().hash().equals(kept.lastHash())) {
                bad = OptionalLong.of(log.size());
            }
            return new AuditView(bad.isEmpty(), log.size(), bad.isPresent() ? bad.getAsLong() : null);
        });
    }

    public RolloutView act(String rollout, String body) {
        return act(rollout, body, Caller.OPERATOR, Requests.Once.NO);
    }

    RolloutView act(String rollout, String body, Caller caller, Requests.Once once) {
        ActBody asked = Json.read("the act", body, ActBody.class);
        if (asked.act() == null) {
            throw Problem.invalid(
                    "the act", "\"act\" is one of start, approve, pause, resume, promote, rollback, abort");
        }
        requireRight(asked.act(), caller);
        String who = asked.who() == null && !caller.shared() ? caller.name() : asked.who() == null ? "" : asked.who();
        Act act;
        try {
            act = new Act(asked.act(), caller.shared() ? who : caller.name(), asked.why() == null ? "" : asked.why());
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("the act", String.valueOf(e.getMessage()));
        }
        Kept before = transact(sql -> found(sql, rollout));
        boolean over = before.rollout().phase().isOver();
        try {
            warm(before, act.kind());
            RolloutView after = transact(sql -> Requests.once(
                    sql,
                    tenant,
                    once,
                    now(),
                    RolloutView.class,
                    inner -> view(inner, acting.act(inner, rollout, act, caller.shared(), now()))));
            over = after.outcome() != null;
            return after;
        } finally {
            if (over) {
                looking.ledgers().forget(rollout);
            }
        }
    }

    /// Whoever operates may not approve what they operate, and the other way round; the way back is open to both.
    private static void requireRight(Act.Kind kind, Caller caller) {
        boolean may = switch (kind) {
            case APPROVE, PROMOTE -> caller.may(Right.APPROVE);
            case START, RESUME -> caller.may(Right.OPERATE);
            case PAUSE, ROLLBACK, ABORT -> caller.may(Right.OPERATE) || caller.may(Right.APPROVE);
        };
        if (!may) {
            throw Problem.forbidden(caller.role().text() + " " + caller.name() + " may not "
                    + kind.name().toLowerCase(java.util.Locale.ROOT) + " a rollout; ask "
                    + (kind == Act.Kind.APPROVE || kind == Act.Kind.PROMOTE ? "an approver" : "an operator"));
        }
    }

    /// Before the lock: how long it takes depends on the age of the rollout. The way back is open
    /// without it.
    private void warm(Kept kept, Act.Kind kind) {
        try {
            looking.ledgers().warm(database, kept);
        } catch (SQLException e) {
            if (kind.isOnward()) {
                throw Transactions.unavailable(e);
            }
        } catch (RuntimeException e) {
            if (kind.isOnward()) {
                throw e;
            }
        }
    }

    /// The result of an offline set.
    public RolloutView validated(String rollout, String body) {
        return validated(rollout, body, Caller.OPERATOR, Requests.Once.NO);
    }

    RolloutView validated(String rollout, String body, Caller caller, Requests.Once once) {
        ValidationResultBody told = Json.read("the result", body, ValidationResultBody.class);
        Long examples = told.examples();
        Long agreed = told.agreed();
        if (examples == null || agreed == null) {
            throw Problem.invalid("the result", "it needs \"examples\" and \"agreed\"");
        }
        Acting.OfflineResult result = new Acting.OfflineResult(
                examples,
                agreed,
                caller.as(told.who() == null ? "" : told.who()),
                told.why() == null ? "" : told.why());
        return transact(sql -> Requests.once(
                sql,
                tenant,
                once,
                now(),
                RolloutView.class,
                inner -> view(inner, acting.validated(inner, rollout, result, now()))));
    }

    /// Sums of the evaluator's accounts. Accounts are kept by spool, and a spool serves all workloads of its device.
    public Map<String, Long> accounts() {
        return transact(sql -> Accounts.sums(sql, tenant));
    }

    private RolloutView view(Sql sql, Kept kept) throws SQLException {
        return Views.whole(sql, kept, decisions.last(sql, kept.rollout().id().value(), LAST_DECISIONS), now());
    }

    private Kept found(Sql sql, String rollout) throws SQLException {
        return rollouts.find(sql, tenant, rollout).orElseThrow(() -> Acting.unknown(rollout));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private <T> T transact(Database.Work<T> work) {
        return Transactions.run(database, work);
    }
}
