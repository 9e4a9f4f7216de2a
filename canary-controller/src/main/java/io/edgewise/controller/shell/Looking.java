// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.controller.CountersWentBack;
import io.edgewise.controller.Evidence;
import io.edgewise.controller.EvidenceBlock;
import io.edgewise.controller.EvidenceLedger;
import io.edgewise.controller.EvidenceMeasures;
import io.edgewise.controller.Fleet;
import io.edgewise.controller.Guardrail;
import io.edgewise.controller.GuardrailKind;
import io.edgewise.controller.Phase;
import io.edgewise.controller.Rollout;
import io.edgewise.runtime.jdbc.Sql;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// Gathers the evidence of a locked rollout, and cuts evidence blocks. There is one in a process, so that whoever looks
/// finds the ledgers that are known already.
@Singleton
public class Looking {
    private static final int PAGE = 1_000;

    private final EvidenceRows rows = new EvidenceRows();
    private final DeviceRows devices = new DeviceRows();
    private final Ledgers ledgers;

    @Inject
    public Looking() {
        this(PAGE);
    }

    Looking(int page) {
        this.ledgers = new Ledgers(rows, page);
    }

    Ledgers ledgers() {
        return ledgers;
    }

    Evidence look(Sql sql, Kept kept, Instant now) throws SQLException {
        Rollout.Identity identity = kept.rollout().identity();
        EvidenceLedger ledger = ledgers.current(sql, kept);
        String drift = rows.driftHold(sql, identity);
        SortedMap<Stratum, Tally> told = devices.told(sql, identity);
        Fleet fleet = fleet(sql, kept.rollout(), told, now);
        try {
            Optional<EvidenceRows.Published> published = rows.published(
                    sql, identity, attributes(sql, kept, ledger), EvidenceMeasures.ofSlices(kept.plan()));
            if (published.isEmpty()) {
                return unmeasured(ledger, drift, "the evaluator publishes no evidence; does it run?", fleet);
            }
            SortedMap<Stratum, Tally> counters = new TreeMap<>(published.get().counters());
            told.forEach((stratum, tally) -> counters.merge(stratum, tally, Tally::plus));
            if (asksHoldout(kept)) {
                counters.merge(EvidenceRows.APART, rows.holdout(sql, identity), Tally::plus);
            }
            SortedMap<Stratum, Tally> open = ledger.since(counters);
            return new Evidence(ledger, open, published.get().lastAppendMs(), drift, "", fleet);
        } catch (CountersWentBack e) {
            return unmeasured(
                    ledger,
                    drift,
                    e.getMessage() + "; was an older database restored? Abort this rollout and start it again",
                    fleet);
        } catch (ArithmeticException e) {
            return unmeasured(
                    ledger,
                    drift,
                    "its counters in evaluator.published_evidence add up to more than 64 bits hold; was a tally"
                            + " damaged? Abort this rollout and start it again",
                    fleet);
        }
    }

    private static boolean asksHoldout(Kept kept) {
        return kept.plan().guardrails().stream().anyMatch(each -> each.kind() == GuardrailKind.HOLDOUT);
    }

    /// What devices have told; whether they came home is asked only of a rollout that calls them back.
    Fleet fleet(Sql sql, Rollout rollout, Instant now) throws SQLException {
        return fleet(sql, rollout, devices.told(sql, rollout.identity()), now);
    }

    private Fleet fleet(Sql sql, Rollout rollout, SortedMap<Stratum, Tally> told, Instant now) throws SQLException {
        return rollout.phase() instanceof Phase.RollingBack
                ? devices.fleet(sql, rollout.id().value(), now).fleet()
                : Fleet.of(told.values().stream()
                        .mapToLong(tally -> tally.get(Fleet.COUNTS, Fleet.KNOWN))
                        .sum());
    }

    /// Attributes whose slices a guardrail of the plan judges: those that it names, those that the workload calls
    /// sensitive where it names none, and those that were counted before.
    private static Set<String> attributes(Sql sql, Kept kept, EvidenceLedger ledger) throws SQLException {
        Set<String> attributes = new TreeSet<>();
        boolean asked = false;
        for (Guardrail guardrail : kept.plan().guardrails()) {
            attributes.addAll(guardrail.slices());
            asked |= guardrail.kind() == GuardrailKind.BIAS_GAP
                    || !guardrail.slices().isEmpty();
            if (guardrail.kind() == GuardrailKind.BIAS_GAP && guardrail.slices().isEmpty()) {
                attributes.addAll(new Catalog()
                        .sensitive(
                                sql,
                                kept.rollout().identity().tenant(),
                                kept.rollout().identity().workload()));
            }
        }
        for (Stratum known : asked ? ledger.totals().keySet() : Set.<Stratum>of()) {
            int equals = known.slice().indexOf('=');
            if (equals > 0) {
                attributes.add(known.slice().substring(0, equals));
            }
        }
        return attributes;
    }

    private static Evidence unmeasured(EvidenceLedger ledger, String drift, String fault, Fleet fleet) {
        return new Evidence(ledger, new TreeMap<>(), Map.of(), drift, fault, fleet);
    }

    /// Closes the open block when its time has come.
    Evidence cutWhenDue(Sql sql, Kept kept, Evidence evidence, Instant now) throws SQLException {
        long begun = evidence.ledger().blocks() == 0
                ? kept.rollout().identity().createdAt().toEpochMilli()
                : evidence.ledger().lastCutAtMs();
        return now.toEpochMilli() - begun >= EvidenceBlock.SECONDS * 1000L ? cut(sql, kept, evidence, now) : evidence;
    }

    /// Closes the open block now: what a decision rests on is in the list.
    Evidence cut(Sql sql, Kept kept, Evidence evidence, Instant now) throws SQLException {
        if (evidence.open().isEmpty()) {
            return evidence;
        }
        EvidenceBlock block = EvidenceBlock.cut(evidence.ledger().blocks() + 1, now, evidence.open());
        rows.append(sql, kept.rollout().id().value(), block);
        return evidence.cut(now);
    }
}
