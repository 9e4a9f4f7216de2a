// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.columns;

/// How many numbers may be kept as they are: at most so many for one column, and for all columns and groups of
/// a file together.
final class Keeping {
    private final int perColumn;
    private long left;

    Keeping(int perColumn, long together) {
        this.perColumn = perColumn;
        this.left = together;
    }

    int perColumn() {
        return perColumn;
    }

    /// How many more a column that holds `now` may keep; 0 where it must count on the grid from here.
    int grant(int now) {
        int more = (int) Math.min(left, Math.min(now, perColumn - now));
        if (more <= 0) {
            return 0;
        }
        left -= more;
        return more;
    }
}
