// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.judge;

import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.TextUse;
import java.util.Optional;

/// A pair of the sample.
public record Disagreement(DisagreementKey key, Observation observation) {
    /// What becomes of it when a judge model is to be asked.
    public sealed interface Case {
        /// It may be asked about.
        record Open(String workload, String request, String champion, String challenger) implements Case {}

        /// It may not, or cannot, and nothing of it leaves the server.
        record Closed(String reason) implements Case {}
    }

    /// Texts are sent where the record says that they may be, and where all of them are there. A guess at
    /// what was asked would be judged instead of the answers.
    public Case toCase() {
        if (!observation.getTextUsesList().contains(TextUse.TEXT_USE_JUDGE)) {
            return new Case.Closed(hasText() ? "no consent to a judge" : "no text");
        }
        String champion = answer(Role.ROLE_CHAMPION);
        String challenger = answer(Role.ROLE_CHALLENGER);
        if (observation.getRequestText().isBlank() || champion.isBlank() || challenger.isBlank()) {
            return new Case.Closed("no text");
        }
        return new Case.Open(observation.getWorkload(), observation.getRequestText(), champion, challenger);
    }

    public boolean mayTrain() {
        return observation.getTextUsesList().contains(TextUse.TEXT_USE_TRAINING);
    }

    /// The arm's text, else its label.
    public String answer(Role role) {
        return arm(role)
                .map(arm -> arm.getText().isEmpty() ? arm.getLabel() : arm.getText())
                .orElse("");
    }

    public Optional<Arm> arm(Role role) {
        return observation.getArmsList().stream()
                .filter(arm -> arm.getRole() == role && arm.getErrorCode().isEmpty())
                .findFirst();
    }

    /// Who was right when this is the true label; empty where an arm has no label to compare.
    public Optional<Verdict> by(String truth) {
        String champion = arm(Role.ROLE_CHAMPION).map(Arm::getLabel).orElse("");
        String challenger = arm(Role.ROLE_CHALLENGER).map(Arm::getLabel).orElse("");
        if (champion.isEmpty() || challenger.isEmpty() || champion.equals(challenger)) {
            return Optional.empty();
        }
        if (challenger.equals(truth)) {
            return Optional.of(Verdict.CHALLENGER);
        }
        return Optional.of(champion.equals(truth) ? Verdict.CHAMPION : Verdict.BOTH_WRONG);
    }

    private boolean hasText() {
        return !observation.getRequestText().isEmpty()
                || observation.getArmsList().stream()
                        .anyMatch(arm -> !arm.getText().isEmpty());
    }
}
