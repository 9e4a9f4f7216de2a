// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.evaluator.judge.Disagreement;
import io.edgewise.evaluator.shell.judge.DisagreementBodies.AnswerView;
import io.edgewise.evaluator.shell.judge.DisagreementBodies.DisagreementView;
import io.edgewise.evaluator.shell.judge.DisagreementBodies.LabelView;
import io.edgewise.evaluator.shell.judge.DisagreementBodies.RanView;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How stored disagreements and judgements are shown.
final class Views {
    private Views() {}

    static DisagreementView disagreement(Disagreement disagreement, @Nullable List<LabelView> verdicts) {
        Observation observation = disagreement.observation();
        return new DisagreementView(
                disagreement.key().id(),
                observation.getWorkload(),
                observation.getRollout(),
                observation.getStage(),
                cohort(observation),
                Instant.ofEpochMilli(observation.getEventTimeMs()).toString(),
                word(observation.getServed().name(), "ROLE_"),
                observation.getContext().getDeviceClass(),
                observation.getComparison().getDefinition(),
                observation.getComparison().getAgreement(),
                orNull(observation.getRequestText()),
                answer(disagreement, Role.ROLE_CHAMPION),
                answer(disagreement, Role.ROLE_CHALLENGER),
                new TreeMap<>(observation.getSlicesMap()),
                verdicts);
    }

    static @Nullable AnswerView answer(Disagreement disagreement, Role role) {
        return disagreement
                .arm(role)
                .map(arm -> new AnswerView(
                        orNull(arm.getLabel()),
                        orNull(arm.getText()),
                        arm.hasConfidence() ? arm.getConfidence() : null,
                        ran(arm)))
                .orElse(null);
    }

    private static RanView ran(Arm arm) {
        return new RanView(
                orNull(arm.getEdge().getBuild()),
                orNull(arm.getEdge().getArtifactSha256()),
                orNull(arm.getFrontier().getProvider()),
                orNull(arm.getFrontier().getModel()),
                orNull(arm.getFrontier().getSystemFingerprint()));
    }

    static String cohort(Observation observation) {
        return word(observation.getCohort().name(), "COHORT_");
    }

    /// Of the columns of evaluator.judgement.
    static LabelView label(ResultSet row) throws SQLException {
        return new LabelView(
                row.getString("source"),
                row.getString("judge"),
                row.getString("verdict"),
                row.getString("truth"),
                orNull(row.getString("reason")),
                orNull(row.getString("prompt")),
                row.getObject("judged_at", OffsetDateTime.class).toInstant().toString());
    }

    static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static String word(String name, String prefix) {
        return name.substring(name.startsWith(prefix) ? prefix.length() : 0).toLowerCase(Locale.ROOT);
    }
}
