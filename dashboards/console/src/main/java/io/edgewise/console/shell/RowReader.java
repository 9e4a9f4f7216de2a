// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console.shell;

import io.edgewise.console.Rows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Maps result rows to view rows. A number that is not finite is as good as none.
final class RowReader {
    private RowReader() {}

    static Rows.Rollout rollout(ResultSet result) throws SQLException {
        return new Rows.Rollout(
                result.getString("tenant"),
                result.getString("rollout"),
                result.getString("workload"),
                result.getString("champion"),
                result.getString("challenger"),
                result.getString("phase"),
                result.getInt("stage"),
                text(result, "stage_name"),
                result.getInt("share_bp"),
                result.getLong("revision"),
                PlanJson.stages(text(result, "plan")),
                instant(result, "created_at"),
                instant(result, "stage_since"),
                instant(result, "updated_at"),
                Optional.ofNullable(result.getString("outcome")),
                text(result, "last_decision"));
    }

    static Rows.Standing standing(ResultSet result) throws SQLException {
        return new Rows.Standing(
                result.getLong("known"),
                result.getLong("unconfirmed"),
                result.getLong("awaited"),
                result.getLong("crashed"),
                result.getLong("broke"),
                result.getLong("silent"),
                result.getDouble("alpha_spent"),
                result.getDouble("alpha"));
    }

    static Rows.Verdict verdict(ResultSet result) throws SQLException {
        return new Rows.Verdict(
                result.getString("guardrail"),
                result.getString("title"),
                result.getString("verdict"),
                text(result, "estimand"),
                number(result, "estimate"),
                number(result, "low"),
                number(result, "high"),
                number(result, "threshold"),
                result.getLong("observations"),
                result.getLong("devices"),
                whole(result, "needed_observations"),
                whole(result, "needed_devices"),
                number(result, "evidence"),
                number(result, "evidence_limit"),
                text(result, "sentence"),
                instant(result, "at"));
    }

    static Rows.Decision decision(ResultSet result) throws SQLException {
        return new Rows.Decision(
                result.getLong("number"),
                instant(result, "at"),
                result.getString("kind"),
                text(result, "actor"),
                result.getInt("stage"),
                result.getInt("share_bp"),
                text(result, "sentence"),
                text(result, "hash"));
    }

    static Rows.Hour hour(ResultSet result) throws SQLException {
        return new Rows.Hour(
                result.getLong("minute"),
                result.getInt("stage"),
                result.getInt("cohort"),
                Math.round(number(result, "requests").orElse(0)),
                number(result, "served_champion_share"),
                number(result, "served_challenger_share"),
                number(result, "latency_user_p50_us"),
                number(result, "latency_user_p95_us"),
                number(result, "latency_user_p99_us"),
                number(result, "cost_per_request_nanos"),
                Math.round(number(result, "pairs_compared").orElse(0)),
                number(result, "agreement_share"));
    }

    static Rows.Account account(ResultSet result) throws SQLException {
        return new Rows.Account(
                result.getString("kind"),
                result.getLong("spools"),
                result.getLong("last_seq"),
                result.getLong("counted"),
                result.getLong("late"),
                result.getLong("rejected"),
                result.getLong("dropped"),
                result.getLong("lost"),
                result.getLong("duplicates"),
                result.getLong("open_gaps"),
                result.getLong("imbalance"));
    }

    static Rows.Counter counter(ResultSet result) throws SQLException {
        return new Rows.Counter(result.getString("name"), result.getLong("amount"));
    }

    static Rows.Score score(ResultSet result) throws SQLException {
        return new Rows.Score(
                result.getString("feature"),
                result.getLong("minute"),
                result.getLong("baseline_n"),
                result.getLong("current_n"),
                number(result, "psi"),
                number(result, "psi_corrected"),
                result.getString("severity"),
                text(result, "verdict"),
                whole(result, "needed"),
                new Rows.Shape(
                        number(result, "ks_d"),
                        number(result, "chi2_v"),
                        number(result, number(result, "ks_d").isPresent() ? "ks_p_adjusted" : "chi2_p_adjusted")),
                new Rows.Missing(
                        number(result, "missing_baseline"),
                        number(result, "missing_current"),
                        number(result, "missing_p_adjusted")));
    }

    static Rows.Finding finding(ResultSet result) throws SQLException {
        return new Rows.Finding(
                result.getString("finding"),
                result.getString("feature"),
                result.getString("severity"),
                result.getLong("opened_minute"),
                whole(result, "closed_minute"),
                text(result, "sentence"));
    }

    private static Instant instant(ResultSet result, String column) throws SQLException {
        return result.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static String text(ResultSet result, String column) throws SQLException {
        String text = result.getString(column);
        return text == null ? "" : text;
    }

    private static OptionalDouble number(ResultSet result, String column) throws SQLException {
        double value = result.getDouble(column);
        return result.wasNull() || !Double.isFinite(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static OptionalLong whole(ResultSet result, String column) throws SQLException {
        long value = result.getLong(column);
        return result.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
