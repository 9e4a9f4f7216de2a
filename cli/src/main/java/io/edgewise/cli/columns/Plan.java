// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.columns;

import io.edgewise.cli.table.BadInput;
import io.edgewise.cli.table.Numbers;
import io.edgewise.cli.table.Rows;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which columns are compared, and as what: fixed by the baseline's first rows and the user's word before
/// anything is counted, so that both files are counted alike.
///
/// A column is numeric where every value of the first rows is a number (missing ones left out) and there are
/// more than five different ones; everything else is a category, numbers of five values or fewer included. A
/// numeric column whose first values all lie in [0, 1], not all whole and not all in the lower half (such as small
/// costs), is counted on [Grid#UNIT].
public record Plan(List<Planned> columns, Optional<String> by, List<String> notes) {
    /// Numbers of no more different values are codes.
    static final int FEWEST_NUMBERS = 5;

    private static final double HALF = 0.5;

    /// One column.
    public record Planned(String name, Kind kind, Grid grid) {}

    /// What the user said; empty lists where nothing.
    public record Wishes(
            List<String> columns,
            List<String> exclude,
            List<String> numeric,
            List<String> categorical,
            Optional<String> by) {
        public Wishes {
            columns = List.copyOf(columns);
            exclude = List.copyOf(exclude);
            numeric = List.copyOf(numeric);
            categorical = List.copyOf(categorical);
        }
    }

    private static final String PANDAS_INDEX = "__index_level_0__";
    private static final String NO_NAME_BEGINS = "column ";
    private static final String NO_NAME = "column 1";

    public Plan {
        columns = List.copyOf(columns);
        notes = List.copyOf(notes);
    }

    public static Plan of(Rows sample, Wishes wishes) {
        List<String> notes = new ArrayList<>();
        List<String> names = names(sample, wishes, notes);
        List<Look> looks =
                names.stream().map(name -> new Look(sample.column(name))).toList();
        look(sample, looks);
        List<Planned> planned = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Look look = looks.get(i);
            String name = names.get(i);
            Kind kind = look.isNumeric() ? Kind.NUMERIC : Kind.CATEGORICAL;
            if (wishes.numeric().contains(name)) {
                kind = Kind.NUMERIC;
            } else if (wishes.categorical().contains(name)) {
                kind = Kind.CATEGORICAL;
            }
            planned.add(new Planned(name, kind, look.isUnit() ? Grid.UNIT : Grid.VALUE));
        }
        if (planned.isEmpty()) {
            throw new BadInput(sample.file() + " has no column to compare; it has " + sample.columns() + ".");
        }
        return new Plan(planned, wishes.by(), notes);
    }

    private static List<String> names(Rows sample, Wishes wishes, List<String> notes) {
        for (List<String> asked : List.of(wishes.columns(), wishes.exclude(), wishes.numeric(), wishes.categorical())) {
            asked.forEach(sample::column);
        }
        wishes.by().ifPresent(sample::column);
        if (!wishes.columns().isEmpty()) {
            return wishes.columns().stream().distinct().toList();
        }
        List<String> names = new ArrayList<>();
        Optional<String> index = rowNumbers(sample.columns());
        index.ifPresent(
                name -> notes.add((name.equals(PANDAS_INDEX) ? "Column " + name : "The first column has no name and")
                        + " was taken for row numbers; --columns '" + name + "' compares it."));
        for (String name : sample.columns()) {
            if (!index.equals(Optional.of(name))
                    && !wishes.exclude().contains(name)
                    && !wishes.by().equals(Optional.of(name))) {
                names.add(name);
            }
        }
        return names;
    }

    /// What pandas writes besides the columns: in CSV the one without a name. Where no column has one there is no
    /// header.
    private static Optional<String> rowNumbers(List<String> columns) {
        if (columns.contains(PANDAS_INDEX)) {
            return Optional.of(PANDAS_INDEX);
        }
        boolean unnamed = columns.getFirst().equals(NO_NAME)
                && columns.stream().anyMatch(name -> !name.startsWith(NO_NAME_BEGINS));
        return unnamed ? Optional.of(NO_NAME) : Optional.empty();
    }

    private static void look(Rows sample, List<Look> looks) {
        boolean more = true;
        while (more) {
            try {
                more = sample.next();
            } catch (BadInput e) {
                // The sample may end within a row; whoever reads all rows says what is wrong.
                return;
            }
            if (more) {
                looks.forEach(look -> look.at(sample));
            }
        }
    }

    /// What the first rows say of a column.
    private static final class Look {
        private final int column;
        private final Numbers numbers = new Numbers();
        private final Set<Double> different = new HashSet<>();
        private boolean allNumbers = true;
        private boolean unit = true;
        private boolean whole = true;
        private double largest;

        Look(int column) {
            this.column = column;
        }

        void at(Rows rows) {
            if (!allNumbers || rows.isMissing(column)) {
                return;
            }
            double value = rows.number(column, numbers);
            allNumbers = numbers.isNumber();
            if (!allNumbers || !Double.isFinite(value)) {
                return;
            }
            if (different.size() <= FEWEST_NUMBERS) {
                different.add(value);
            }
            unit &= value >= 0 && value <= 1;
            largest = Math.max(largest, value);
            whole &= value == Math.rint(value);
        }

        boolean isNumeric() {
            return allNumbers && different.size() > FEWEST_NUMBERS;
        }

        boolean isUnit() {
            return unit && !whole && largest > HALF;
        }
    }
}
