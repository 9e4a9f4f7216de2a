// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import io.edgewise.agent.EdgeModel;
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
import java.util.stream.Stream;

/// Runs the models over a set, one request at a time, as the agent does; a server a few at a time.
final class RunSet {
    /// A set is a sample; more requests are logs.
    private static final int MOST_REQUESTS = 1_000_000;

    private static final int WARM_UP = 50;

    private final Models models;
    private final SetColumns columns;
    private final Progress progress;
    private final Terminal terminal;
    private final ModelOptions options;
    private int withoutText;

    RunSet(Models models, SetColumns columns, Terminal terminal, Progress progress, ModelOptions options) {
        this.models = models;
        this.columns = columns;
        this.progress = progress;
        this.terminal = terminal;
        this.options = options;
    }

    private record Request(String text, String truth, String frontier, List<String> splits) {}

    PairReport over(Rows rows, double floor) {
        List<Request> requests = requests(rows);
        for (Request request : requests.subList(0, Math.min(WARM_UP, requests.size()))) {
            warm(models.edge(), request);
            models.frontier().ifPresent(model -> warm(model, request));
        }
        List<String> texts = requests.stream().map(Request::text).toList();
        Answers edges = answers("edge", models.edge(), texts);
        Optional<Answers> frontiers = models.frontier().map(model -> answers("frontier", model, texts));
        Optional<Answers> references = models.reference().map(model -> answers("reference", model, texts));
        try {
            return over(rows, requests, new Running(edges, frontiers, references), floor);
        } finally {
            edges.close();
            frontiers.ifPresent(Answers::close);
            references.ifPresent(Answers::close);
        }
    }

    private Answers answers(String arm, EdgeModel model, List<String> texts) {
        return new Answers(
                arm,
                model,
                texts,
                new Answers.Terms(models.labels(), options.parallel(), options.retries(), terminal.clock()));
    }

    private record Running(Answers edge, Optional<Answers> frontier, Optional<Answers> reference) {
        List<Answers> all() {
            return Stream.of(Stream.of(edge), frontier.stream(), reference.stream())
                    .flatMap(each -> each)
                    .toList();
        }
    }

    /// A server is warm, and each request to it has its price.
    private static void warm(EdgeModel model, Request request) {
        if (!(model instanceof ApiModel)) {
            var _ = model.infer(request.text());
        }
    }

    private PairReport over(Rows rows, List<Request> requests, Running running, double floor) {
        PairCounts pairs = PairCounts.empty(columns.pairs());
        PairCounts builds = PairCounts.empty(againstReference());
        int done = 0;
        for (Request request : requests) {
            Answers.Given edge = running.edge().next();
            Pair pair = new Pair();
            pair.edge = pairs.label(edge.label());
            pair.truth = pairs.label(request.truth());
            pair.confidence = edge.confidence();
            pair.edgeLatency = edge.microseconds();
            if (running.frontier().isPresent()) {
                Answers.Given frontier = running.frontier().get().next();
                pair.frontier = pairs.label(frontier.label());
                pair.frontierLatency = frontier.microseconds();
            } else {
                pair.frontier = pairs.label(request.frontier());
            }
            pairs.add(pair, request.splits());
            if (running.reference().isPresent()) {
                compare(builds, edge, running.reference().get().next(), request);
            }
            progress.step("running", ++done, requests.size());
        }
        List<String> notes = new ArrayList<>();
        running.all().forEach(each -> notes.addAll(each.notes()));
        if (withoutText > 0) {
            notes.add(withoutText + " rows have no text and were not asked.");
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
        return PairReport.of(source, pairs, new PairReport.Wishes(floor, "µs"), attribution)
                .with(notes);
    }

    private static void compare(PairCounts builds, Answers.Given edge, Answers.Given reference, Request request) {
        Pair pair = new Pair();
        pair.edge = builds.label(edge.label());
        pair.frontier = builds.label(reference.label());
        pair.truth = builds.label(request.truth());
        builds.add(pair, List.of());
    }

    private PairColumns againstReference() {
        return new SetColumns(columns.text(), columns.truth(), Optional.empty(), List.of(), List.of()).pairs();
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
            if (rows.isMissing(text)) {
                withoutText++;
                continue;
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
        return column < 0 || rows.isMissing(column) ? "" : rows.strictText(column);
    }
}
