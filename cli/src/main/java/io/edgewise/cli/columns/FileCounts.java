// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.columns;

import io.edgewise.cli.table.Labels;
import io.edgewise.cli.table.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One file, counted: each planned column over all rows, and for each value of the grouping column.
public final class FileCounts {
    /// More groups make no table that anybody reads.
    static final int MOST_GROUPS = 200;

    private static final int BLOCK = 256;
    private static final int KEPT_IN_GROUP = 5_000;
    private static final long KEPT_TOGETHER = 4_000_000;
    private static final String NO_VALUE = "(missing)";

    private final Plan plan;
    private final String file;
    private final int exactUpTo;
    private final Keeping keeping;
    private final Keeping keepingInGroups;
    private final List<ColumnCounts> all;
    private final List<List<ColumnCounts>> groups = new ArrayList<>();
    private final List<Long> groupRows = new ArrayList<>();
    private final Labels groupNames = new Labels(MOST_GROUPS);
    private long rows;

    private FileCounts(Plan plan, String file, int exactUpTo) {
        this.plan = plan;
        this.file = file;
        this.exactUpTo = exactUpTo;
        this.keeping = new Keeping(
                exactUpTo,
                Math.max(KEPT_TOGETHER, (long) exactUpTo * plan.columns().size()));
        this.keepingInGroups = new Keeping(Math.min(exactUpTo, KEPT_IN_GROUP), KEPT_TOGETHER);
        this.all = counts(keeping);
    }

    /// Counts all rows.
    ///
    /// @param exactUpTo values of a column that are kept as they are
    public static FileCounts of(Rows rows, Plan plan, int exactUpTo) {
        FileCounts counts = new FileCounts(plan, rows.file(), exactUpTo);
        counts.count(rows);
        return counts;
    }

    private List<ColumnCounts> counts(Keeping kept) {
        List<ColumnCounts> counts = new ArrayList<>();
        for (Plan.Planned column : plan.columns()) {
            counts.add(column.kind() == Kind.NUMERIC ? new NumericCounts(column.grid(), kept) : new CategoryCounts());
        }
        return counts;
    }

    private void count(Rows from) {
        int[] columns = plan.columns().stream()
                .mapToInt(column -> from.column(column.name()))
                .toArray();
        ColumnCounts[] each = all.toArray(ColumnCounts[]::new);
        int by = plan.by().map(from::column).orElse(-1);
        boolean more = true;
        while (more) {
            more = block(from, each, columns, by);
        }
        rows = from.row();
    }

    /// Some rows. Java compiles a method that is called often sooner, and better, than a loop that does not end.
    private boolean block(Rows from, ColumnCounts[] each, int[] columns, int by) {
        for (int i = 0; i < BLOCK; i++) {
            if (!from.next()) {
                return false;
            }
            row(from, each, columns);
            if (by >= 0) {
                inGroup(from, by, columns);
            }
        }
        return true;
    }

    private static void row(Rows from, ColumnCounts[] each, int[] columns) {
        for (int i = 0; i < columns.length; i++) {
            each[i].add(from, columns[i]);
        }
    }

    private void inGroup(Rows from, int by, int[] columns) {
        int id = from.isMissing(by)
                ? -1
                : groupNames.id(from, by, "Tables for so many groups help nobody: choose a --by of fewer values.");
        // Rows without a group come first, so that they need no name among the others.
        int at = id + 1;
        while (groups.size() <= at) {
            groups.add(counts(keepingInGroups));
            groupRows.add(0L);
        }
        groupRows.set(at, groupRows.get(at) + 1);
        List<ColumnCounts> group = groups.get(at);
        for (int i = 0; i < columns.length; i++) {
            group.get(i).add(from, columns[i]);
        }
    }

    /// The counts of one group; empty where no row had it.
    record Group(List<ColumnCounts> columns, long rows) {}

    Map<String, Group> groups() {
        Map<String, Group> named = new TreeMap<>();
        for (int i = 0; i < groups.size(); i++) {
            if (groupRows.get(i) > 0) {
                named.put(i == 0 ? NO_VALUE : groupNames.text(i - 1), new Group(groups.get(i), groupRows.get(i)));
            }
        }
        return named;
    }

    Group nothing() {
        return new Group(counts(keepingInGroups), 0);
    }

    List<ColumnCounts> all() {
        return all;
    }

    Plan plan() {
        return plan;
    }

    public long rows() {
        return rows;
    }

    public String file() {
        return file;
    }

    Optional<String> by() {
        return plan.by();
    }

    int exactUpTo() {
        return exactUpTo;
    }
}
