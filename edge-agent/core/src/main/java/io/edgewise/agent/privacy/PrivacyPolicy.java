// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.privacy;

import java.util.Set;

/// A workload's rules: the least strict class of its requests, what is redacted, whether texts of pairs
/// that disagree may be recorded (redacted, and only with consent), and what else they may be used for.
public record PrivacyPolicy(PrivacyClass least, Redactor redactor, boolean texts, Set<Use> uses) {
    /// What recorded texts may be used for, besides being looked at by the workload's own people.
    public enum Use {
        JUDGE,
        TRAINING
    }

    /// Frontiers get redacted texts, the server gets none.
    public static final PrivacyPolicy DEFAULT =
            new PrivacyPolicy(PrivacyClass.REDACTED, Redactor.BUILT_IN, false, Set.of());

    public PrivacyPolicy {
        uses = Set.copyOf(uses);
        if (!texts && !uses.isEmpty()) {
            throw new IllegalArgumentException(
                    "texts may be used for " + uses + " but are not recorded; allow texts, or leave the uses out");
        }
        if (texts && least == PrivacyClass.ON_DEVICE) {
            throw new IllegalArgumentException(
                    "the workload is on-device, so its texts cannot be recorded; leave texts off");
        }
    }

    public PrivacyClass of(PrivacyClass asked) {
        return least.strictest(asked);
    }
}
