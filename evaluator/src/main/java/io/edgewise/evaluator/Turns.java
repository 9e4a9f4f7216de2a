// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// For rounds that need not get to everybody: the next one begins behind the last that had its turn.
public final class Turns {
    private int first;

    public <T> List<T> order(List<T> all) {
        List<T> ordered = new ArrayList<>(all);
        Collections.rotate(ordered, -first);
        return ordered;
    }

    /// So many of `all`, the first of the order, had their turn.
    public void took(int turns, int all) {
        first = all == 0 ? 0 : (first + turns) % all;
    }
}
