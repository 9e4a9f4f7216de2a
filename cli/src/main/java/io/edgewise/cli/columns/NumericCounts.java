// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.columns;

import io.edgewise.cli.table.Numbers;
import io.edgewise.cli.table.Rows;
import io.edgewise.statistics.grid.Cells;
import java.util.Arrays;

/// Numbers of a column: all values while they are few, counts on the grid from then on. Missing and infinite
/// values are counted apart.
final class NumericCounts implements ColumnCounts {
    private static final int FIRST_KEPT = 256;

    private final Grid grid;
    private final Keeping keeping;
    private final Numbers numbers = new Numbers();
    private double[] kept;
    private boolean spilled;
    private final CellCounts cells = new CellCounts();
    private long finite;
    private long missing;
    private long negativeInfinite;
    private long positiveInfinite;
    private long outside;
    private double sum;
    private double lost;
    private double least = Double.POSITIVE_INFINITY;
    private double largest = Double.NEGATIVE_INFINITY;

    NumericCounts(Grid grid, Keeping keeping) {
        this.grid = grid;
        this.keeping = keeping;
        this.kept = new double[Math.min(FIRST_KEPT, keeping.perColumn())];
    }

    @Override
    public void add(Rows rows, int column) {
        if (rows.isMissing(column)) {
            missing++;
            return;
        }
        double value = rows.number(column, numbers);
        if (!numbers.isNumber()) {
            throw rows.notANumber(
                    column,
                    ", but the first rows held numbers only. If it means that "
                            + "there is none, give --missing " + quoted(rows.text(column))
                            + "; if the values are names, --categorical "
                            + quoted(rows.columns().get(column)) + ".");
        }
        add(value);
    }

    private static String quoted(String word) {
        String one = word.replaceAll("\\p{Cntrl}", " ").strip();
        return one.matches("[\\w.-]+") ? one : "'" + one + "'";
    }

    void add(double value) {
        if (Double.isNaN(value)) {
            missing++;
            return;
        }
        if (Double.isInfinite(value)) {
            negativeInfinite += value < 0 ? 1 : 0;
            positiveInfinite += value > 0 ? 1 : 0;
            return;
        }
        double term = value - lost;
        double next = sum + term;
        lost = (next - sum) - term;
        sum = next;
        least = Math.min(least, value);
        largest = Math.max(largest, value);
        if (!spilled && finite == kept.length && !keep()) {
            spill();
        }
        if (spilled) {
            count(value);
        } else {
            kept[(int) finite] = value;
        }
        finite++;
    }

    private boolean keep() {
        int more = keeping.grant(kept.length);
        kept = Arrays.copyOf(kept, kept.length + more);
        return more > 0;
    }

    private void spill() {
        spilled = true;
        for (int i = 0; i < finite; i++) {
            count(kept[i]);
        }
        kept = new double[0];
    }

    private void count(double value) {
        outside += grid == Grid.UNIT && (value < 0 || value > 1) ? 1 : 0;
        cells.add(grid.cell(value), 1);
    }

    /// Whether every value is still there.
    boolean isExact() {
        return !spilled;
    }

    /// Ascending.
    double[] values() {
        double[] values = Arrays.copyOf(kept, (int) finite);
        for (int i = 0; i < values.length; i++) {
            values[i] += 0.0;
        }
        Arrays.sort(values);
        return values;
    }

    /// On the grid, without what stands apart.
    Cells onGrid() {
        if (!spilled) {
            spill();
        }
        return cells.toCells();
    }

    Grid grid() {
        return grid;
    }

    long finite() {
        return finite;
    }

    long missing() {
        return missing;
    }

    long negativeInfinite() {
        return negativeInfinite;
    }

    long positiveInfinite() {
        return positiveInfinite;
    }

    /// Values that the grid holds in its outer cells because they lie beyond it.
    long outside() {
        return outside;
    }

    double mean() {
        return sum / finite;
    }

    double least() {
        return least;
    }

    double largest() {
        return largest;
    }
}
