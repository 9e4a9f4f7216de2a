// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.config;

import io.edgewise.agent.AnswerRule;
import io.edgewise.agent.onnx.Labels;
import io.edgewise.contracts.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The task that the device works on: what its answers are, how they compare, what they cost.
final class WorkloadReader {
    private final Reading reading;
    private final Path base;

    WorkloadReader(Reading reading, Path base) {
        this.reading = reading;
        this.base = base;
    }

    Workload workload() {
        String name = reading.name("workload.name");
        List<String> labels = labels();
        Workload.Kind kind = kind(labels);
        return new Workload(
                name,
                reading.number("workload.version", 1, Integer.MAX_VALUE),
                kind,
                labels,
                refusals(labels),
                agreement(kind),
                reading.text("workload.currency"),
                reading.text("workload.price-card"),
                prices());
    }

    private static String word(Workload.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private Workload.Kind kind(List<String> labels) {
        boolean areLabels =
                !labels.isEmpty() || !reading.list("workload.refusal-labels").isEmpty();
        if (reading.optional("workload.kind").isEmpty()) {
            boolean areClasses = areLabels
                    || !reading.list("edge.builds").isEmpty()
                    || reading.optional("edge.fetch.url").isPresent();
            return areClasses ? Workload.Kind.CLASSIFICATION : Workload.Kind.GENERATION;
        }
        List<String> words =
                Stream.of(Workload.Kind.values()).map(WorkloadReader::word).toList();
        Workload.Kind kind =
                Workload.Kind.valueOf(reading.word("workload.kind", words).toUpperCase(Locale.ROOT));
        if (areLabels && kind != Workload.Kind.CLASSIFICATION) {
            reading.fault(
                    "workload.kind",
                    "is " + word(kind)
                            + ", and there are labels; write classification, or leave labels, labels-file and"
                            + " refusal-labels out");
        }
        return kind;
    }

    /// The definition, also by its name without the version.
    private String agreement(Workload.Kind kind) {
        List<String> known = AnswerRule.definitions(kind);
        String said = reading.optional("workload.agreement").orElse(known.getFirst());
        Optional<String> definition = known.stream()
                .filter(each -> each.equals(said) || each.startsWith(said + "/"))
                .findFirst();
        if (definition.isEmpty()) {
            reading.fault(
                    "workload.agreement",
                    "is \"" + said + "\"; of kind " + word(kind) + " write one of " + String.join(", ", known)
                            + ", or another workload.kind");
        }
        return at(definition.orElse(known.getFirst()));
    }

    /// With the threshold from which on two answers agree, where it is said.
    private String at(String definition) {
        Optional<String> threshold = reading.optional("workload.agreement-at");
        try {
            return threshold.map(said -> AnswerRule.at(definition, said)).orElse(definition);
        } catch (IllegalArgumentException e) {
            reading.fault("workload.agreement-at", String.valueOf(e.getMessage()));
            return definition;
        }
    }

    private Set<String> refusals(List<String> labels) {
        List<String> refusals = reading.list("workload.refusal-labels");
        for (String refusal : refusals) {
            if (!labels.isEmpty() && !labels.contains(refusal)) {
                reading.fault("workload.refusal-labels", "\"" + refusal + "\" is not in workload.labels; add it there");
            }
        }
        return Set.copyOf(
                labels.isEmpty()
                        ? refusals
                        : refusals.stream().filter(labels::contains).toList());
    }

    private Map<String, Long> prices() {
        Map<String, Long> prices = new LinkedHashMap<>();
        reading.table("workload.prices").forEach((who, price) -> {
            try {
                prices.put(who, Long.parseLong(price));
            } catch (NumberFormatException e) {
                reading.fault(
                        "workload.prices",
                        "\"" + who + "\" costs \"" + price + "\"; write whole nano-units, such as 400000");
            }
        });
        return prices;
    }

    private List<String> labels() {
        List<String> inline = reading.list("workload.labels");
        Optional<String> file = reading.optional("workload.labels-file");
        if (file.isEmpty()) {
            return inline;
        }
        if (!inline.isEmpty()) {
            reading.fault("workload.labels-file", "stands beside workload.labels; leave one of them out");
        }
        try {
            return Labels.load(base.resolve(file.get()));
        } catch (IOException e) {
            reading.fault("workload.labels-file", "cannot be used: " + e.getMessage());
            return List.of();
        }
    }
}
