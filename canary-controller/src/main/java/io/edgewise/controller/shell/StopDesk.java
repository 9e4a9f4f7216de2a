// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.controller.KeyCabinet;
import io.edgewise.controller.Phase;
import io.edgewise.runtime.access.Caller;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The kill switch. The stop is committed first and forbids everything that leads away from the champion;
/// then each workload gets one signed directive, in a transaction of its own, so that a rollout that is
/// being worked on holds up no other. A rollout that could not be reached is stopped by the next look at
/// it.
@ApplicationScoped
public class StopDesk {
    private static final Logger LOG = LoggerFactory.getLogger(StopDesk.class);

    private final Database database;
    private final InstantSource clock;
    private final String tenant;
    private final RolloutRows rollouts = new RolloutRows();
    private final Stopping stopping;

    @Inject
    public StopDesk(Database database, KeyCabinet keys, InstantSource clock, ControllerConfig config, Looking looking) {
        this.database = database;
        this.clock = clock;
        this.tenant = config.tenant();
        this.stopping = new Stopping(rollouts, looking, new Enactment(rollouts, keys, config.pace()));
    }

    public record StopBody(
            @Nullable String workload,
            @Nullable String who,
            @Nullable String why) {}

    public record Stopped(String workload, String rollout, long revision, String sentence) {}

    public record StopView(List<Stopped> stopped, List<String> pending) {}

    StopView stop(String body, Caller caller) {
        StopBody asked = Json.read("the stop", body, StopBody.class);
        String workload = asked.workload() == null ? "" : asked.workload();
        String who = caller.as(asked.who() == null ? "" : asked.who());
        String why = asked.why() == null ? "" : asked.why();
        if (why.isBlank() || why.length() > 2_000 || who.length() > 256) {
            throw Problem.invalid("the stop", "it needs \"why\": it goes into the log of acts");
        }
        Instant now = now();
        Transactions.run(database, sql -> {
            Stops.put(sql, tenant, workload, who, why, now);
            ActBook.append(
                    sql,
                    tenant,
                    new ActBook.Act(
                            "stopped",
                            who,
                            who + " stopped " + (workload.isEmpty() ? "everything" : "workload " + workload)
                                    + ", because: " + why,
                            Map.of("workload", workload)),
                    now);
            return true;
        });
        List<String> inForce = Transactions.run(database, sql -> InForce.stopped(sql, tenant, workload));
        List<Stopped> stopped = new ArrayList<>();
        List<String> pending = new ArrayList<>();
        for (String rollout : inForce) {
            try {
                database.transact(sql -> stop(sql, rollout, who, why)).ifPresent(stopped::add);
            } catch (SQLException | RuntimeException e) {
                LOG.warn("Rollout {} is not stopped yet; every look tries it again.", rollout, e);
                pending.add(rollout);
            }
        }
        Transactions.run(database, sql -> Notifications.call(sql, pending));
        return new StopView(stopped, pending);
    }

    private Optional<Stopped> stop(Sql sql, String rollout, String who, String why) throws SQLException {
        Limits.forDecision(sql);
        Instant now = now();
        Optional<Kept> kept = rollouts.lock(sql, tenant, rollout);
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        Optional<Kept> after = stopping.carryOut(sql, kept.get(), who, why, now);
        // Whoever looks at rollouts may have seen the stop first, and carried it out.
        return after.or(() -> kept.filter(each -> isBack(each.rollout().phase())))
                .map(each -> new Stopped(
                        each.rollout().identity().workload(), rollout, each.revision(), each.lastDecision()));
    }

    private static boolean isBack(Phase phase) {
        return phase instanceof Phase.RollingBack
                || phase instanceof Phase.RolledBack
                || phase instanceof Phase.Aborted;
    }

    List<Stops.Stop> list() {
        return Transactions.run(database, sql -> Stops.all(sql, tenant));
    }

    void lift(String workload, Caller caller) {
        Transactions.run(database, sql -> {
            if (!Stops.lift(sql, tenant, workload)) {
                throw Problem.missing("such a stop", "GET /api/v1/stops lists those that hold");
            }
            ActBook.append(
                    sql,
                    tenant,
                    new ActBook.Act(
                            "stop-lifted",
                            caller.name(),
                            caller.name() + " lifted the stop of "
                                    + (workload.isEmpty() ? "everything" : "workload " + workload) + ".",
                            Map.of("workload", workload)),
                    now());
            return true;
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
