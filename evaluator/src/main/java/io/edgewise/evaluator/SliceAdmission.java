// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.util.Set;

/// Says which slice attributes of a rollout are counted, and which of their values by name: the same ones in every
/// partition.
@FunctionalInterface
public interface SliceAdmission {
    /// Admits the attribute if the rollout still has room, and the value if the attribute has; {@link
    /// Slices#OTHER} asks for the attribute alone.
    Admitted admit(String tenant, String rollout, String attribute, String value);

    /// What is admitted now.
    ///
    /// @param attributes of the rollout, without {@link Slices#DEVICE_CLASS}, which always is
    /// @param values of the attribute that was asked for, without {@link Slices#OTHER}
    record Admitted(Set<String> attributes, Set<String> values) {
        public Admitted {
            attributes = Set.copyOf(attributes);
            values = Set.copyOf(values);
        }
    }
}
