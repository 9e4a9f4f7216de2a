// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.contracts.Names;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads single settings as what they should be. What is not is a fault, and a harmless value stands in for it until
/// all faults are known.
final class Reading {
    /// `key: {file: /run/secrets/key}` reads a secret from a file.
    static final String FILE = "file";

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

    private final Tree tree;

    Reading(Tree tree) {
        this.tree = tree;
    }

    void fault(String path, String what) {
        tree.faults().add(path + ": " + what);
    }

    private static Key key(String path) {
        return Keys.ALL.stream()
                .filter(key -> key.path().equals(path))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(path + " is not in the list of settings"));
    }

    Optional<String> optional(String path) {
        Key key = key(path);
        Optional<JsonNode> value = tree.value(path);
        if (value.isEmpty()) {
            return switch (key.fallback()) {
                case Key.Default fallback -> Optional.of(fallback.text());
                case Key.Absent _ -> Optional.empty();
                case Key.Required _ -> {
                    missing(path);
                    yield Optional.empty();
                }
            };
        }
        if (key.kind() == Key.Kind.SECRET && value.get().path(FILE).isTextual()) {
            return secret(path, value.get().path(FILE).textValue());
        }
        if (!value.get().isValueNode() || value.get().asText().isBlank()) {
            fault(path, "must be a " + key.kind().words() + ", not " + value.get());
            return Optional.empty();
        }
        return Optional.of(value.get().asText().strip());
    }

    /// Says that it must be there.
    void missing(String path) {
        fault(
                path,
                "is missing; write \"" + path.substring(path.lastIndexOf('.') + 1) + ": …\" ("
                        + key(path).meaning().replace("`", "") + ")");
    }

    /// Nano-units of a currency; as much as one likes where nobody says.
    long nanos(String path) {
        Optional<String> said = optional(path);
        if (said.isEmpty()) {
            return Long.MAX_VALUE;
        }
        try {
            long nanos = Long.parseLong(said.get());
            if (nanos >= 0) {
                return nanos;
            }
        } catch (NumberFormatException e) {
            fault(path, "is \"" + said.get() + "\"; write whole nano-units, such as 500000000 for half a unit");
            return 0;
        }
        fault(path, "is " + said.get() + "; a cost is not negative");
        return 0;
    }

    private Optional<String> secret(String path, String file) {
        try {
            String content = Files.readString(Path.of(file)).strip();
            if (!content.isEmpty()) {
                return Optional.of(content);
            }
            fault(path, "the file " + file + " is empty; write the secret into it");
        } catch (IOException | IllegalArgumentException e) {
            fault(
                    path,
                    "the file " + file + " cannot be read (" + e.getClass().getSimpleName()
                            + "); create it, readable by the agent's user only");
        }
        return Optional.empty();
    }

    String text(String path) {
        return optional(path).orElse("");
    }

    String name(String path) {
        String said = text(path);
        try {
            return said.isEmpty() ? "missing" : Names.require(path, said);
        } catch (IllegalArgumentException e) {
            fault(path, String.valueOf(e.getMessage()));
            return "invalid";
        }
    }

    /// An address without a query; what stands before `/v1`.
    URI url(String path) {
        String said = text(path);
        try {
            URI url = URI.create(said);
            boolean isWeb = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (isWeb && url.getHost() != null && url.getQuery() == null && url.getUserInfo() == null) {
                if (said.endsWith("/v1") || said.endsWith("/v1/")) {
                    fault(path, "ends with /v1; write only what stands before it");
                }
                return url;
            }
        } catch (IllegalArgumentException e) {
            fault(path, "is \"" + said + "\"; write an address like https://api.example.com");
            return URI.create("http://localhost");
        }
        if (!said.isEmpty()) {
            fault(path, "is \"" + said + "\"; write an address like https://api.example.com");
        }
        return URI.create("http://localhost");
    }

    String word(String path, List<String> words) {
        String said = text(path);
        if (!words.contains(said)) {
            fault(path, "is \"" + said + "\"; write one of " + String.join(", ", words));
            return words.getFirst();
        }
        return said;
    }

    int number(String path, int least, int most) {
        String said = text(path);
        try {
            int number = Integer.parseInt(said);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            fault(path, "is \"" + said + "\"; write a whole number from " + least + " to " + most);
            return least;
        }
        fault(path, "is " + said + "; write a whole number from " + least + " to " + most);
        return least;
    }

    boolean flag(String path) {
        return word(path, List.of("false", "true")).equals("true");
    }

    Duration duration(String path) {
        String said = text(path);
        Matcher matcher = DURATION.matcher(said);
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            Duration duration = switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
            };
            if (duration.isPositive() && duration.compareTo(Duration.ofHours(24)) <= 0) {
                return duration;
            }
        }
        fault(path, "is \"" + said + "\"; write a duration like 500ms, 30s or 2m, above 0 and at most 24h");
        return Duration.ofSeconds(1);
    }

    List<String> list(String path) {
        return tree.value(path).map(Tree::list).orElse(List.of());
    }

    Map<String, String> table(String path) {
        Map<String, String> table = new LinkedHashMap<>();
        Optional<JsonNode> value = tree.value(path);
        if (value.isPresent() && !value.get().isObject()) {
            fault(path, "must be a table like \"name: value\", not " + value.get());
            return table;
        }
        value.ifPresent(node -> node.properties()
                .forEach(entry -> table.put(entry.getKey(), entry.getValue().asText())));
        return table;
    }
}
