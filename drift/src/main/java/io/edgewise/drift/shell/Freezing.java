// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import io.edgewise.contracts.tally.Tally;
import io.edgewise.drift.Baseline;
import io.edgewise.drift.DriftPolicy;
import io.edgewise.drift.Features;
import io.edgewise.drift.shell.BaselineRows.Owner;
import io.edgewise.drift.shell.BaselineRows.Provenance;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes baselines of what windows hold: of shadow once, and of the last complete hours again and again.
final class Freezing {
    private static final Logger LOG = LoggerFactory.getLogger(Freezing.class);
    private static final int HOUR = 60;

    /// Minutes after the end of a period until its windows are all closed.
    private static final int GRACE = 5;

    private final DriftPolicy policy;
    private final int slices;

    Freezing(DriftPolicy policy, int slices) {
        this.policy = policy;
        this.slices = slices;
    }

    /// Adds to the baselines what shadow is enough for. Returns whether every feature of shadow has one now.
    boolean shadow(Sql sql, BaselineRows rows, Watched rollout, List<Reference> references) throws SQLException {
        Windows.Period shadow = new Windows(sql).shadow(rollout, slices);
        Provenance from = new Provenance(
                "shadow",
                "shadow of rollout " + rollout.rollout() + ": " + shadow.windows() + " window rows of minutes "
                        + shadow.firstMinute() + " to " + shadow.lastMinute(),
                shadow.firstMinute(),
                shadow.lastMinute(),
                "drift");
        Set<Reference.Key> known = new HashSet<>();
        references.forEach(each -> known.add(each.key()));
        List<Reference> added = freeze(rows, Owner.of(rollout), shadow, from, known);
        references.addAll(added);
        added.forEach(each -> known.add(each.key()));
        if (!added.isEmpty()) {
            LOG.info("Rollout {}: baselines frozen from shadow for {}.", rollout.rollout(), names(added));
        }
        List<String> measures = Features.measures(shadow.slices().getOrDefault(Windows.ALL, new Tally()));
        return !measures.isEmpty()
                && measures.stream()
                        .allMatch(measure -> known.contains(new Reference.Key(Windows.ALL, Features.name(measure))));
    }

    /// A period that its owner asked to be repeated.
    record Rolling(Owner owner, int hours, long untilMinute) {}

    /// New versions for every owner whose next hours are complete. Returns how many periods were used.
    int rolling(Sql sql, BaselineRows rows, Instant now) throws SQLException {
        long minute = now.getEpochSecond() / 60 - GRACE;
        long complete = minute - Math.floorMod(minute, HOUR);
        List<Rolling> due = sql.list(
                """
                SELECT tenant, workload, rollout, hours, until_minute FROM drift.rolling
                WHERE until_minute + hours * 60 <= ? FOR UPDATE SKIP LOCKED""",
                row -> new Rolling(
                        new Owner(row.getString(1), row.getString(2), row.getString(3)), row.getInt(4), row.getLong(5)),
                complete);
        for (Rolling each : due) {
            Owner owner = each.owner();
            long from = complete - (long) each.hours() * HOUR;
            Windows.Period period =
                    new Windows(sql).between(owner.tenant(), owner.workload(), owner.rollout(), from, complete, slices);
            Provenance provenance = new Provenance(
                    "rolling",
                    "the last " + each.hours() + " complete hours: " + period.windows() + " window rows from "
                            + Events.minute(from) + " until " + Events.minute(complete),
                    from,
                    complete - 1,
                    "drift");
            List<Reference> added = freeze(rows, owner, period, provenance, Set.of());
            sql.updateOne(
                    "UPDATE drift.rolling SET until_minute = ? WHERE tenant = ? AND workload = ? AND rollout = ?",
                    complete,
                    owner.tenant(),
                    owner.workload(),
                    owner.rollout());
            LOG.info(
                    "Workload {}: rolling baselines until {} for {}.",
                    owner.workload(),
                    Events.minute(complete),
                    names(added));
        }
        return due.size();
    }

    private List<Reference> freeze(
            BaselineRows rows, Owner owner, Windows.Period period, Provenance from, Set<Reference.Key> known)
            throws SQLException {
        List<Reference> added = new ArrayList<>();
        for (Map.Entry<String, Tally> slice : period.slices().entrySet()) {
            for (String measure : Features.measures(slice.getValue())) {
                if (known.contains(new Reference.Key(slice.getKey(), Features.name(measure)))) {
                    continue;
                }
                Optional<Baseline> baseline = Baseline.freeze(
                        measure,
                        policy.isCategorical(measure),
                        Features.cells(slice.getValue().read(measure)),
                        policy.minimumBaseline());
                if (baseline.isPresent()) {
                    added.add(rows.freeze(owner, slice.getKey(), baseline.get(), from));
                }
            }
        }
        return added;
    }

    private static String names(List<Reference> references) {
        return references.isEmpty()
                ? "no feature: too few observations"
                : String.join(
                        ", ",
                        references.stream()
                                .map(each -> each.slice().equals(Windows.ALL)
                                        ? each.baseline().feature()
                                        : each.baseline().feature() + " in " + each.slice())
                                .toList());
    }
}
