// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.util.Set;

/// Says which values of a slice attribute are counted by name in a rollout: the same ones in every partition.
@FunctionalInterface
public interface SliceAdmission {
    /// Admits the value if the attribute still has room; returns all that are admitted now.
    Set<String> admit(String tenant, String rollout, String attribute, String value);
}
