// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import io.edgewise.contracts.LabelHash;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.drift.Baseline;
import io.edgewise.drift.DriftPolicy;
import io.edgewise.drift.Features;
import io.edgewise.drift.Scale;
import io.edgewise.drift.shell.Bodies.CellBody;
import io.edgewise.drift.shell.Bodies.FeatureBody;
import io.edgewise.runtime.rest.Problem;
import io.edgewise.statistics.grid.LogGrid;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Counts what somebody sends as a baseline on the grids that windows are counted on.
final class Uploads {
    private static final long MOST = 1L << 40;
    private static final int LONGEST_NAME = 128;

    private Uploads() {}

    /// @param where for messages: "features[2]"
    static Baseline baseline(FeatureBody body, String where, DriftPolicy policy) {
        String name = body.feature();
        if (name == null || name.isBlank() || name.length() > LONGEST_NAME) {
            throw wrong(where + ".feature is missing; name a feature, for example \"confidence\"");
        }
        if ((body.values() == null) == (body.cells() == null)) {
            throw wrong(where + " needs either \"values\" or \"cells\"");
        }
        String measure = Features.measure(name);
        Tally tally = new Tally();
        if (body.values() != null) {
            values(body.values(), measure, tally, where);
        } else if (body.cells() != null) {
            cells(body.cells(), measure, tally, where);
        }
        add(tally, measure, LogGrid.MISSING, body.missing() == null ? 0 : body.missing(), where + ".missing");
        return Baseline.freeze(
                        measure,
                        policy.isCategorical(measure),
                        Features.cells(tally.read(measure)),
                        policy.minimumBaseline())
                .orElseThrow(() -> wrong(where + " has too few observations of " + name
                        + "; a baseline takes at least " + policy.minimumBaseline() + " that are neither missing nor"
                        + " infinite"));
    }

    private static void values(List<@Nullable Double> values, String measure, Tally tally, String where) {
        Scale scale = Features.scale(measure);
        if (scale == Scale.CATEGORY) {
            throw wrong(where + ".values are numbers, and " + Features.name(measure)
                    + " has categories; send \"cells\" of {\"category\", \"count\"}");
        }
        for (Double value : values) {
            tally.add(measure, scale.cell(value == null ? Double.NaN : value), 1);
        }
    }

    private static void cells(List<CellBody> cells, String measure, Tally tally, String where) {
        Scale scale = Features.scale(measure);
        for (int i = 0; i < cells.size(); i++) {
            CellBody cell = cells.get(i);
            String at = where + ".cells[" + i + "]";
            String category = cell.category();
            Double value = cell.value();
            OptionalInt bucket = OptionalInt.empty();
            if (scale == Scale.CATEGORY && category != null) {
                bucket = OptionalInt.of(LabelHash.bucket(category));
            } else if (scale != Scale.CATEGORY && value != null) {
                bucket = OptionalInt.of(scale.cell(value));
            }
            int found = bucket.orElseThrow(() -> wrong(at + " needs "
                    + (scale == Scale.CATEGORY ? "\"category\", a name" : "\"value\", a number") + ", for "
                    + Features.name(measure)));
            add(tally, measure, found, cell.count(), at + ".count");
        }
    }

    private static void add(Tally tally, String measure, int cell, long count, String at) {
        if (count < 0 || count > MOST) {
            throw wrong(at + " is " + count + "; counts lie between 0 and 2^40");
        }
        if (count > 0) {
            tally.add(measure, cell, count);
        }
    }

    private static Problem wrong(String detail) {
        return Problem.invalid("the baseline", detail);
    }
}
