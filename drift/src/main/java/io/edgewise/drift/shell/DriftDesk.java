// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import io.edgewise.drift.Baseline;
import io.edgewise.drift.Retraining.Accuracy;
import io.edgewise.drift.shell.BaselineRows.Owner;
import io.edgewise.drift.shell.BaselineRows.Provenance;
import io.edgewise.drift.shell.Bodies.BaselineView;
import io.edgewise.drift.shell.Bodies.FeatureBody;
import io.edgewise.drift.shell.Bodies.HoldoutBody;
import io.edgewise.drift.shell.Bodies.HoldoutView;
import io.edgewise.drift.shell.Bodies.RollingBody;
import io.edgewise.drift.shell.Bodies.RollingView;
import io.edgewise.drift.shell.Bodies.UploadBody;
import io.edgewise.drift.shell.Bodies.WhoBody;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import io.edgewise.runtime.rest.Problem;
import io.edgewise.runtime.rest.RequestBody;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What operators ask of drift. Each call is one transaction.
@ApplicationScoped
public class DriftDesk {
    private static final int LISTED = 500;
    private static final int MOST_FEATURES = 200;

    private final Database database;
    private final DriftSettings settings;
    private final String tenant;
    private final InstantSource clock;
    private final RandomGenerator random = new SecureRandom();

    @Inject
    public DriftDesk(Database database, DriftConfig config, InstantSource clock) {
        this(database, config.settings(), config.tenant(), clock);
    }

    DriftDesk(Database database, DriftSettings settings, String tenant, InstantSource clock) {
        this.database = database;
        this.settings = settings;
        this.tenant = tenant;
        this.clock = clock;
    }

    /// Versions that are active from now on.
    public List<BaselineView> upload(String body) {
        UploadBody asked = RequestBody.read("the baseline", body, UploadBody.class);
        Owner owner = owner(asked.workload(), asked.rollout(), "the baseline");
        List<FeatureBody> features = asked.features() == null ? List.of() : asked.features();
        if (features.isEmpty() || features.size() > MOST_FEATURES) {
            throw Problem.invalid(
                    "the baseline", "it needs \"features\", 1 to " + MOST_FEATURES + ", not " + features.size());
        }
        List<Baseline> baselines = new ArrayList<>();
        Set<Reference.Key> seen = new HashSet<>();
        for (int i = 0; i < features.size(); i++) {
            Baseline baseline = Uploads.baseline(features.get(i), "features[" + i + "]", settings.policy());
            if (!seen.add(new Reference.Key(slice(features.get(i)), baseline.feature()))) {
                throw Problem.invalid("the baseline", "features[" + i + "] is of a feature and slice that came before");
            }
            baselines.add(baseline);
        }
        Provenance from = new Provenance(
                "upload",
                asked.source() == null || asked.source().isBlank() ? "uploaded" : asked.source(),
                minute("from", asked.from()),
                minute("until", asked.until()),
                who(asked.who()));
        return transact(sql -> {
            BaselineRows rows = new BaselineRows(sql, clock.instant(), random);
            List<String> made = new ArrayList<>();
            for (int i = 0; i < baselines.size(); i++) {
                made.add(rows.freeze(owner, slice(features.get(i)), baselines.get(i), from)
                        .id());
            }
            return list(sql, "baseline = ANY (?)", sql.connection().createArrayOf("text", made.toArray()));
        });
    }

    public BaselineView activate(String id, String body) {
        WhoBody asked = RequestBody.read("the activation", body, WhoBody.class);
        return transact(sql -> {
            BaselineRows rows = new BaselineRows(sql, clock.instant(), random);
            String active = rows.activate(tenant, id, who(asked.who())).orElseThrow(() -> missing(id));
            return list(sql, "baseline = ?", active).getFirst();
        });
    }

    /// Newest first.
    public List<BaselineView> list(@Nullable String workload, @Nullable String rollout) {
        return transact(sql -> list(
                sql,
                "(? = '' OR workload = ?) AND (? = '' OR rollout = ?)",
                text(workload),
                text(workload),
                text(rollout),
                text(rollout)));
    }

    public RollingView rolling(String body) {
        RollingBody asked = RequestBody.read("the rolling baseline", body, RollingBody.class);
        Owner owner = owner(asked.workload(), asked.rollout(), "the rolling baseline");
        Integer given = asked.hours();
        if (given == null || given < 0 || given > 720) {
            throw Problem.invalid(
                    "the rolling baseline", "\"hours\" must lie in 1 to 720, or be 0 to end it, not " + given);
        }
        int hours = given;
        Instant now = clock.instant();
        return transact(sql -> {
            sql.update(
                    "DELETE FROM drift.rolling WHERE tenant = ? AND workload = ? AND rollout = ?",
                    owner.tenant(),
                    owner.workload(),
                    owner.rollout());
            if (hours > 0) {
                sql.updateOne(
                        """
                        INSERT INTO drift.rolling (tenant, workload, rollout, hours, until_minute, asked_by, at)
                        VALUES (?, ?, ?, ?, 0, ?, ?)""",
                        owner.tenant(),
                        owner.workload(),
                        owner.rollout(),
                        hours,
                        who(asked.who()),
                        now.atOffset(ZoneOffset.UTC));
            }
            return new RollingView(owner.workload(), owner.rollout(), hours);
        });
    }

    /// A run over the reference holdout, from whoever ran it.
    public HoldoutView holdout(String body) {
        HoldoutBody asked = RequestBody.read("the holdout run", body, HoldoutBody.class);
        Owner owner = owner(asked.workload(), "", "the holdout run");
        String build = asked.build();
        Long correct = asked.correct();
        Long n = asked.n();
        if (build == null || build.isBlank() || correct == null || n == null || correct < 0 || n < 1 || n < correct) {
            throw Problem.invalid(
                    "the holdout run",
                    "it needs \"build\", and \"correct\" of \"n\" answers, 0 <= correct <= n, n > 0");
        }
        HoldoutRuns.Of of = new HoldoutRuns.Of(
                tenant, owner.workload(), build, asked.reference() == null ? "reference" : asked.reference());
        HoldoutRuns.Run run = new HoldoutRuns.Run(new Accuracy(correct, n), 0, Optional.empty(), who(asked.who()));
        return transact(sql -> new HoldoutRuns(sql, clock.instant(), random, settings).add(of, run));
    }

    private List<BaselineView> list(Sql sql, String where, Object... parameters) throws SQLException {
        List<Object> all = new ArrayList<>(List.of(tenant));
        all.addAll(List.of(parameters));
        return sql.list(
                "SELECT b.*, a.baseline IS NOT NULL AS active FROM (SELECT * FROM drift.baseline WHERE tenant = ? AND "
                        + where + ") b LEFT JOIN drift.active_baseline a USING (baseline)"
                        + " ORDER BY frozen_at DESC, feature, slice LIMIT " + LISTED,
                DriftDesk::view,
                all.toArray());
    }

    private static BaselineView view(ResultSet row) throws SQLException {
        long first = row.getLong("first_minute");
        String from = row.wasNull() ? null : Events.minute(first);
        long last = row.getLong("last_minute");
        String until = row.wasNull() ? null : Events.minute(last + 1);
        int cuts = ((Integer[]) row.getArray("cuts").getArray()).length;
        int atoms = ((Integer[]) row.getArray("atoms").getArray()).length;
        return new BaselineView(
                row.getString("baseline"),
                row.getString("workload"),
                row.getString("rollout"),
                row.getString("feature"),
                row.getString("slice"),
                row.getInt("version"),
                row.getString("origin"),
                row.getString("source"),
                from,
                until,
                row.getString("made_by"),
                row.getObject("frozen_at", OffsetDateTime.class).toInstant().toString(),
                row.getLong("observations"),
                cuts + 1 + atoms,
                row.getBoolean("active"));
    }

    private Owner owner(@Nullable String workload, @Nullable String rollout, String what) {
        if (workload == null || workload.isBlank()) {
            throw Problem.invalid(what, "it needs \"workload\", the name of one");
        }
        return new Owner(tenant, workload, text(rollout));
    }

    private static @Nullable Long minute(String what, @Nullable String instant) {
        if (instant == null) {
            return null;
        }
        try {
            long minute = Instant.parse(instant).getEpochSecond() / 60;
            return what.equals("until") ? minute - 1 : minute;
        } catch (DateTimeParseException e) {
            throw Problem.invalid("the baseline", "\"" + what + "\" is " + instant + "; write 2026-05-01T00:00:00Z");
        }
    }

    private static String slice(FeatureBody body) {
        return body.slice() == null || body.slice().isBlank() ? Windows.ALL : body.slice();
    }

    private static String who(@Nullable String who) {
        return who == null || who.isBlank() ? "operator" : who;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static Problem missing(String id) {
        return Problem.missing("baseline \"" + id + "\"", "GET /api/v1/drift/baselines lists those there are");
    }

    private <T> T transact(Database.Work<T> work) {
        try {
            return database.transact(work);
        } catch (SQLException e) {
            throw Problem.unavailable(String.valueOf(e.getMessage()));
        }
    }
}
