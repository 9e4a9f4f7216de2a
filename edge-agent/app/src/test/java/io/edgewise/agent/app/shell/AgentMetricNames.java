// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The agent's metrics as "name{labels} kind", as an agent exposes them and as docs/metrics.md names them.
final class AgentMetricNames {
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+)\\{(.*)} .*");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");
    private static final Pattern ROW = Pattern.compile("\\| (`edgewise_agent_[^|]*) \\| (\\w+) \\|.*");
    private static final Pattern NAMED = Pattern.compile("`([a-z_]+)(?:\\{([a-z,]+)})?`");

    private AgentMetricNames() {}

    static Set<String> exposed(String text) {
        Map<String, String> kinds = new TreeMap<>();
        Map<String, Set<String>> labels = new TreeMap<>();
        for (String line : text.lines().toList()) {
            Matcher type = TYPE.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (type.matches()) {
                kinds.put(type.group(1), type.group(2));
            } else if (sample.matches()) {
                String name = sample.group(1).replaceAll("_(bucket|count|sum)$", "");
                Set<String> of = labels.computeIfAbsent(name, each -> new TreeSet<>());
                LABEL.matcher(sample.group(2)).results().forEach(label -> of.add(label.group(1)));
                of.remove("le");
            }
        }
        return kinds.entrySet().stream()
                .map(kind -> name(kind.getKey(), labels.getOrDefault(kind.getKey(), Set.of()), kind.getValue()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static Set<String> documented() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String line : Files.readAllLines(Path.of("../../docs/metrics.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                NAMED.matcher(row.group(1)).results().forEach(named -> {
                    String labels = named.group(2);
                    names.add(name(
                            named.group(1),
                            labels == null ? Set.of() : new TreeSet<>(Arrays.asList(labels.split(",", -1))),
                            row.group(2)));
                });
            }
        }
        return names;
    }

    private static String name(String name, Set<String> labels, String kind) {
        return name + (labels.isEmpty() ? "" : "{" + String.join(",", labels) + "}") + " " + kind;
    }
}
