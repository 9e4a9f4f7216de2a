// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.agent.privacy.PrivacyClass;
import io.edgewise.agent.privacy.PrivacyPolicy;
import io.edgewise.agent.privacy.Redactor;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.TextUse;
import java.util.List;

/// Puts the texts of a pair that disagrees into its observation, redacted, where that is allowed.
final class Texts {
    /// All texts of a record together stay far below what a record may be.
    private static final int LONGEST = 3_000;

    private Texts() {}

    static void add(
            Observation.Builder observation, Situation situation, List<Attempt> attempts, PrivacyPolicy policy) {
        boolean isAllowed = policy.texts()
                && situation.request().terms().consent() == Consent.GRANTED
                && situation.privacy() != PrivacyClass.ON_DEVICE;
        if (!isAllowed) {
            return;
        }
        Redactor.Session session = policy.redactor().begin();
        observation.setRequestText(cut(session.redact(situation.request().text())));
        for (int i = 0; i < attempts.size(); i++) {
            boolean isText = attempts.get(i).answered()
                    && observation.getArms(i).getLabel().isEmpty();
            if (isText) {
                observation
                        .getArmsBuilder(i)
                        .setText(cut(session.redact(attempts.get(i).text())));
            }
        }
        for (PrivacyPolicy.Use use : policy.uses()) {
            observation.addTextUses(
                    switch (use) {
                        case JUDGE -> TextUse.TEXT_USE_JUDGE;
                        case TRAINING -> TextUse.TEXT_USE_TRAINING;
                    });
        }
    }

    /// Without what no record can carry, and not too long.
    private static String cut(String text) {
        StringBuilder cut = new StringBuilder();
        text.codePoints()
                .filter(point -> point != 0 && Character.getType(point) != Character.SURROGATE)
                .limit(LONGEST)
                .forEach(cut::appendCodePoint);
        return cut.toString();
    }
}
