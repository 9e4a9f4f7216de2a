// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.controller.Evidence;
import io.edgewise.controller.EvidenceLedger;
import io.edgewise.controller.Rollout;
import io.edgewise.controller.RolloutMachine;
import io.edgewise.controller.Transition;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at due rollouts, one in each transaction. Any number of instances may do so at once: whoever has
/// the row lock decides, the others pass by.
final class Deciding {
    private static final Logger LOG = LoggerFactory.getLogger(Deciding.class);
    private static final long SET_ASIDE_SECONDS = 2;
    /// Of each kind in a round.
    private static final int LOOKS = 200;
    /// Named rollouts that are asked for in one statement.
    private static final int FEW = 50;

    private final Database database;
    private final RolloutRows rollouts;
    private final Looking looking;
    private final Enactment enactment;
    private final Stopping stopping;
    private final InstantSource clock;
    private final long restMillis;
    private final Map<String, String> troubles = new ConcurrentHashMap<>();
    private final Set<String> resting = new LinkedHashSet<>();
    /// Of the troubles, those of completed rollouts: they end with the stop.
    private final Set<String> unstopped = new LinkedHashSet<>();
    private Instant stopsAt = Instant.MIN;
    private boolean due;

    Deciding(
            Database database,
            RolloutRows rollouts,
            Looking looking,
            Enactment enactment,
            InstantSource clock,
            long restMillis) {
        this.database = database;
        this.rollouts = rollouts;
        this.looking = looking;
        this.enactment = enactment;
        this.stopping = new Stopping(rollouts, looking, enactment);
        this.clock = clock;
        this.restMillis = restMillis;
    }

    /// What came of one transaction.
    private sealed interface Step {
        record NothingDue() implements Step {}

        record Looked(Kept kept, EvidenceLedger ledger, boolean ordered) implements Step {}

        /// A stop that its caller could not carry out here was carried out.
        record Stopped(Kept kept) implements Step {}

        /// Its blocks are to be read first, without the lock.
        record Cold(Kept kept) implements Step {}

        record SetAside(String rollout) implements Step {}
    }

    /// Which rollout is next: locks it.
    @FunctionalInterface
    private interface Choice {
        Optional<String> lock(Sql sql, Instant now) throws SQLException;
    }

    /// What a round left for the next one.
    enum Left {
        NOTHING,
        /// Rollouts of which something was heard, looked at a moment ago or by another instance.
        RESTING,
        /// More were due than a round looks at.
        DUE
    }

    /// Looks at those that are named and at those that are due, in turn, but not for ever: there may be news. Returns
    /// whether there is something new to send.
    boolean round(Set<String> notified) throws SQLException {
        resting.addAll(notified);
        Set<String> asked = new LinkedHashSet<>(resting);
        resting.clear();
        boolean ordered = stopCompleted(asked);
        due = true;
        for (int looks = 0; looks < LOOKS && (due || !asked.isEmpty()); looks++) {
            if (!asked.isEmpty()) {
                ordered |= named(asked);
            }
            if (due) {
                Step step = one(rollouts::lockDue);
                due = !(step instanceof Step.NothingDue);
                ordered |= took(step, asked);
            }
        }
        resting.addAll(asked);
        return ordered;
    }

    /// Completed rollouts are not looked at, unless a stop holds that could not reach them.
    private boolean stopCompleted(Set<String> asked) throws SQLException {
        Instant now = clock.instant();
        if (now.isBefore(stopsAt)) {
            return false;
        }
        stopsAt = now.plusSeconds(SET_ASIDE_SECONDS);
        List<String> completed = database.read(sql -> InForce.completedUnderStops(sql, LOOKS));
        unstopped.stream().filter(each -> !completed.contains(each)).forEach(troubles::remove);
        unstopped.retainAll(completed);
        boolean ordered = false;
        for (String rollout : completed) {
            Step step = one((sql, at) -> rollouts.lockCompleted(sql, rollout));
            if (step instanceof Step.SetAside) {
                unstopped.add(rollout);
            }
            ordered |= took(step, asked);
        }
        return ordered;
    }

    Left left() {
        return due ? Left.DUE : resting.isEmpty() ? Left.NOTHING : Left.RESTING;
    }

    /// One of the first few. Where none of them may be looked at now, those that still run are asked for again.
    private boolean named(Set<String> asked) throws SQLException {
        Set<String> few = asked.stream().limit(FEW).collect(Collectors.toSet());
        Step step = one((sql, now) -> rollouts.lockNamed(sql, few, now.minusMillis(restMillis)));
        if (step instanceof Step.NothingDue) {
            asked.removeAll(few);
            resting.addAll(database.read(sql -> rollouts.running(sql, few)));
        }
        return took(step, asked);
    }

    private boolean took(Step step, Set<String> asked) {
        return switch (step) {
            case Step.NothingDue nothing -> false;
            case Step.Looked looked -> {
                String rollout = looked.kept().rollout().id().value();
                asked.remove(rollout);
                troubles.remove(rollout);
                yield looked.ordered();
            }
            case Step.Stopped stopped -> {
                String rollout = stopped.kept().rollout().id().value();
                asked.remove(rollout);
                troubles.remove(rollout);
                yield true;
            }
            case Step.Cold cold -> {
                LOG.debug("Read the blocks of {}.", cold.kept().rollout().id());
                yield false;
            }
            case Step.SetAside aside -> {
                asked.remove(aside.rollout());
                yield false;
            }
        };
    }

    /// Empty when all goes well.
    String trouble() {
        return String.join("; ", troubles.values());
    }

    private Step one(Choice choice) throws SQLException {
        String[] working = new String[1];
        try {
            Step step = database.transact(sql -> {
                Limits.forDecision(sql);
                Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
                Optional<String> chosen = choice.lock(sql, now);
                if (chosen.isEmpty()) {
                    return new Step.NothingDue();
                }
                working[0] = chosen.get();
                Kept kept = rollouts.locked(sql, chosen.get());
                Optional<Kept> stopped = stopped(sql, kept, now);
                if (stopped.isPresent()) {
                    return new Step.Stopped(stopped.get());
                }
                return looking.ledgers().isCold(sql, kept) ? new Step.Cold(kept) : look(sql, kept, now);
            });
            if (step instanceof Step.Cold cold) {
                looking.ledgers().warm(database, cold.kept());
            }
            if (step instanceof Step.Looked looked) {
                looking.ledgers().committed(looked.kept(), looked.ledger());
            }
            if (step instanceof Step.Stopped stopped
                    && stopped.kept().rollout().phase().isOver()) {
                looking.ledgers().forget(stopped.kept().rollout().id().value());
            }
            return step;
        } catch (SQLException | RuntimeException e) {
            String rollout = working[0];
            if (rollout == null) {
                throw e;
            }
            setAside(rollout, e);
            return new Step.SetAside(rollout);
        }
    }

    private Step.Looked look(Sql sql, Kept kept, Instant now) throws SQLException {
        Evidence seen = looking.look(sql, kept, now);
        Evidence evidence = looking.cutWhenDue(sql, kept, seen, now);
        Transition transition = RolloutMachine.decide(kept.rollout(), kept.plan(), evidence, now);
        if (transition.decides() && !evidence.open().isEmpty()) {
            evidence = looking.cut(sql, kept, evidence, now);
            transition = RolloutMachine.decide(kept.rollout(), kept.plan(), evidence, now);
        }
        boolean isCut = evidence.ledger().blocks() > seen.ledger().blocks();
        Kept after = enactment.carryOut(sql, kept, transition, evidence, isCut, now);
        return new Step.Looked(after, evidence.ledger(), !transition.effects().isEmpty());
    }

    /// Before the evidence is read: a stop asks for none.
    private Optional<Kept> stopped(Sql sql, Kept kept, Instant now) throws SQLException {
        Rollout.Identity identity = kept.rollout().identity();
        Optional<Stops.Stop> stop = Stops.of(sql, identity.tenant(), identity.workload());
        return stop.isEmpty()
                ? Optional.empty()
                : stopping.carryOut(sql, kept, stop.get().who(), stop.get().why(), now);
    }

    /// One rollout that cannot be looked at must not keep the others waiting.
    private void setAside(String rollout, Exception cause) throws SQLException {
        String what = cause instanceof ArithmeticException
                ? "its counters add up to more than 64 bits hold; was an evidence block or a tally damaged?"
                : String.valueOf(cause.getMessage());
        String trouble = "rollout " + rollout + " cannot be looked at: " + what;
        if (!trouble.equals(troubles.put(rollout, trouble))) {
            LOG.warn(
                    "Rollout {} cannot be looked at and is not promoted; the next look is in {} s.",
                    rollout,
                    SET_ASIDE_SECONDS,
                    cause);
        }
        database.transact(sql -> {
            Limits.forDecision(sql);
            Instant until = clock.instant().plusSeconds(SET_ASIDE_SECONDS);
            rollouts.setAside(sql, rollout, until, trouble);
            return true;
        });
    }
}
