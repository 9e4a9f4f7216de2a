// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.ranking;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/// Rankings with every item once, at its first place.
final class Repeats {
    private Repeats() {}

    static List<Object> removed(List<?> ranking) {
        return new ArrayList<>(new LinkedHashSet<>(ranking));
    }
}
