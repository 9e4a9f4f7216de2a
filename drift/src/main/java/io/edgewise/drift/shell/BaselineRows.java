// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import io.edgewise.contracts.Ulid;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.drift.Baseline;
import io.edgewise.drift.Features;
import io.edgewise.runtime.jdbc.Sql;
import io.edgewise.statistics.drift.ReferenceBins;
import io.edgewise.statistics.grid.Cells;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Baselines as they are kept: a version is written once and never changed; which one counts is a row beside it.
final class BaselineRows {
    private final Sql sql;
    private final Instant now;
    private final RandomGenerator random;

    BaselineRows(Sql sql, Instant now, RandomGenerator random) {
        this.sql = sql;
        this.now = now;
        this.random = random;
    }

    /// Whose a baseline is: of one rollout, or of a workload where the rollout is empty.
    record Owner(String tenant, String workload, String rollout) {
        static Owner of(Watched watched) {
            return new Owner(watched.tenant(), watched.workload(), watched.rollout());
        }
    }

    /// Where it comes from.
    record Provenance(
            String origin,
            String source,
            @Nullable Long firstMinute,
            @Nullable Long lastMinute,
            String madeBy) {}

    /// The active ones of a rollout, and of its workload where the rollout has none.
    List<Reference> active(Watched rollout, Map<String, Reference> cache) throws SQLException {
        record Named(String id, Reference.Key key) {}
        List<Named> found = sql.list(
                """
                SELECT b.baseline, b.slice, b.feature
                FROM drift.active_baseline a JOIN drift.baseline b USING (baseline)
                WHERE a.tenant = ? AND (a.rollout = ? OR a.rollout = '' AND a.workload = ?)
                ORDER BY b.slice, b.measure, (a.rollout = '')""",
                row -> new Named(row.getString(1), new Reference.Key(row.getString(2), row.getString(3))),
                rollout.tenant(),
                rollout.rollout(),
                rollout.workload());
        Map<Reference.Key, String> own = new LinkedHashMap<>();
        found.forEach(each -> own.putIfAbsent(each.key(), each.id()));
        List<Reference> active = new ArrayList<>();
        for (String id : own.values()) {
            Reference known = cache.get(id);
            if (known == null) {
                known = sql.first("""
                                SELECT baseline, slice, measure, categorical, tally, atoms, cuts
                                FROM drift.baseline WHERE baseline = ?""", BaselineRows::reference, id).orElseThrow();
                cache.put(id, known);
            }
            active.add(known);
        }
        return active;
    }

    /// Writes the next version and makes it the active one.
    Reference freeze(Owner owner, String slice, Baseline baseline, Provenance from) throws SQLException {
        String id = Ulid.of(now, random);
        Tally kept = tally(baseline);
        int version = sql.first(
                        """
                        SELECT coalesce(max(version), 0) + 1 FROM drift.baseline
                        WHERE tenant = ? AND workload = ? AND rollout = ? AND measure = ? AND slice = ?""",
                        row -> row.getInt(1),
                        owner.tenant(),
                        owner.workload(),
                        owner.rollout(),
                        baseline.measure(),
                        slice)
                .orElse(1);
        sql.updateOne(
                """
                INSERT INTO drift.baseline
                    (baseline, tenant, workload, rollout, measure, slice, version, feature, categorical, origin, source,
                     first_minute, last_minute, made_by, observations, atoms, cuts, tally, frozen_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                id,
                owner.tenant(),
                owner.workload(),
                owner.rollout(),
                baseline.measure(),
                slice,
                version,
                baseline.feature(),
                baseline.categorical(),
                from.origin(),
                from.source(),
                from.firstMinute(),
                from.lastMinute(),
                from.madeBy(),
                baseline.observations(),
                baseline.bins().atoms(),
                baseline.bins().cuts(),
                kept.encode(),
                now.atOffset(ZoneOffset.UTC));
        activate(owner, baseline.measure(), slice, id, from.madeBy());
        return new Reference(id, slice, baseline);
    }

    /// Returns whether there is such a version.
    Optional<String> activate(String tenant, String id, String who) throws SQLException {
        record Kept(Owner owner, String measure, String slice) {}
        Optional<Kept> kept = sql.first(
                "SELECT tenant, workload, rollout, measure, slice FROM drift.baseline WHERE tenant = ? AND baseline = ?",
                row -> new Kept(
                        new Owner(row.getString(1), row.getString(2), row.getString(3)),
                        row.getString(4),
                        row.getString(5)),
                tenant,
                id);
        if (kept.isPresent()) {
            activate(kept.get().owner(), kept.get().measure(), kept.get().slice(), id, who);
        }
        return kept.map(each -> id);
    }

    private void activate(Owner owner, String measure, String slice, String id, String who) throws SQLException {
        sql.updateOne(
                """
                INSERT INTO drift.active_baseline
                    (tenant, workload, rollout, measure, slice, baseline, since, activated_by)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (tenant, workload, rollout, measure, slice) DO UPDATE SET
                    baseline = excluded.baseline, since = excluded.since, activated_by = excluded.activated_by""",
                owner.tenant(),
                owner.workload(),
                owner.rollout(),
                measure,
                slice,
                id,
                now.atOffset(ZoneOffset.UTC),
                who);
    }

    private static Tally tally(Baseline baseline) {
        Tally tally = new Tally();
        Cells cells = baseline.cells();
        for (int cell : cells.cells()) {
            tally.add(baseline.measure(), cell, cells.count(cell));
        }
        return tally;
    }

    private static Reference reference(ResultSet row) throws SQLException {
        String measure = row.getString("measure");
        Tally tally = Tally.decode(row.getBytes("tally"));
        return new Reference(
                row.getString("baseline"),
                row.getString("slice"),
                new Baseline(
                        measure,
                        row.getBoolean("categorical"),
                        Features.cells(tally.read(measure)),
                        new ReferenceBins(integers(row, "atoms"), integers(row, "cuts"))));
    }

    private static int[] integers(ResultSet row, String column) throws SQLException {
        Integer[] boxed = (Integer[]) row.getArray(column).getArray();
        return Arrays.stream(boxed).mapToInt(Integer::intValue).toArray();
    }
}
