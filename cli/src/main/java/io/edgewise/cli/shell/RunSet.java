// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.cli.pairs.Attribution;
import io.edgewise.cli.pairs.Pair;
import io.edgewise.cli.pairs.PairColumns;
import io.edgewise.cli.pairs.PairCounts;
import io.edgewise.cli.pairs.PairReport;
import io.edgewise.cli.pairs.SetColumns;
import io.edgewise.cli.table.BadInput;
import io.edgewise.cli.table.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Runs the models over a set, one request at a time, as the agent does.
final class RunSet {
    /// A set is a sample; more requests are logs.
    private static final int MOST_REQUESTS = 1_000_000;

    private static final int WARM_UP = 50;
    private static final double MICROSECOND = 1e3;

    private final Models models;
    private final SetColumns columns;
    private final Progress progress;
    private final java.util.function.LongSupplier clock;

    RunSet(Models models, SetColumns columns, Terminal terminal, Progress progress) {
        this.models = models;
        this.columns = columns;
        this.progress = progress;
        this.clock = terminal.clock();
    }

    private record Request(String text, String truth, String frontier, List<String> splits) {}

    private record Timed(ModelAnswer answer, double microseconds) {}

    PairReport over(Rows rows, double floor) {
        List<Request> requests = requests(rows);
        for (Request request : requests.subList(0, Math.min(WARM_UP, requests.size()))) {
            models.edge().infer(request.text());
            models.frontier().ifPresent(model -> model.infer(request.text()));
        }
        PairCounts pairs = PairCounts.empty(columns.pairs());
        PairCounts builds = PairCounts.empty(againstReference());
        int done = 0;
        for (Request request : requests) {
            Timed edge = timed(models.edge(), request.text());
            Pair pair = new Pair();
            pair.edge = pairs.label(edge.answer().label());
            pair.truth = pairs.label(request.truth());
            pair.confidence = edge.answer().confidence().orElse(Double.NaN);
            pair.edgeLatency = edge.microseconds();
            if (models.frontier().isPresent()) {
                Timed frontier = timed(models.frontier().get(), request.text());
                pair.frontier = pairs.label(frontier.answer().label());
                pair.frontierLatency = frontier.microseconds();
            } else {
                pair.frontier = pairs.label(request.frontier());
            }
            pairs.add(pair, request.splits());
            if (models.reference().isPresent()) {
                compare(builds, edge.answer(), models.reference().get(), request);
            }
            progress.step("running", ++done, requests.size());
        }
        Optional<Attribution> attribution = models.reference()
                .map(reference ->
                        Attribution.of(models.edge().build(), reference.build(), builds, models.quantization()));
        String source = String.format(
                Locale.ROOT,
                "%s against %s on %s (%,d requests)",
                models.edge().build(),
                models.frontier()
                        .map(EdgeModel::build)
                        .orElse("column " + columns.frontier().orElse("")),
                rows.file(),
                requests.size());
        return PairReport.of(source, pairs, new PairReport.Wishes(floor, "µs"), attribution);
    }

    private void compare(PairCounts builds, ModelAnswer edge, EdgeModel reference, Request request) {
        Pair pair = new Pair();
        pair.edge = builds.label(edge.label());
        pair.frontier = builds.label(reference.infer(request.text()).label());
        pair.truth = builds.label(request.truth());
        builds.add(pair, List.of());
    }

    private PairColumns againstReference() {
        return new SetColumns(columns.text(), columns.truth(), Optional.empty(), List.of(), List.of()).pairs();
    }

    private Timed timed(EdgeModel model, String text) {
        long began = clock.getAsLong();
        ModelAnswer answer = model.infer(text);
        return new Timed(answer, (clock.getAsLong() - began) / MICROSECOND);
    }

    private List<Request> requests(Rows rows) {
        int text = rows.column(columns.text());
        int truth = columns.truth().map(rows::column).orElse(-1);
        int frontier = columns.frontier().map(rows::column).orElse(-1);
        int[] splits = columns.splits().stream().mapToInt(rows::column).toArray();
        List<Request> requests = new ArrayList<>();
        while (rows.next()) {
            if (requests.size() == MOST_REQUESTS) {
                throw new BadInput(
                        rows.where() + ": a set of more than " + MOST_REQUESTS + " requests; take a sample.");
            }
            List<String> values = new ArrayList<>();
            for (int split : splits) {
                values.add(value(rows, split));
            }
            requests.add(new Request(value(rows, text), value(rows, truth), value(rows, frontier), values));
        }
        if (requests.isEmpty()) {
            throw new BadInput(rows.file() + " has a header and no rows; there is nothing to run.");
        }
        return requests;
    }

    private static String value(Rows rows, int column) {
        return column < 0 || rows.isMissing(column) ? "" : rows.text(column);
    }
}
