// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.edgewise.agent.PriceCard;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The frontier, several of them, or none where nothing may leave the device. Each of a list is read as if it stood at
/// `frontier`.
final class FrontierReader {
    private static final String ONE = "frontier";
    private static final String SEVERAL = "frontiers";
    private static final Set<String> PRICES = Set.of("version", "currency", "request", "token-in", "token-out");

    private final Tree tree;
    private final Reading reading;

    FrontierReader(Tree tree, Reading reading) {
        this.tree = tree;
        this.reading = reading;
    }

    Settings.Frontiers frontiers() {
        String name = reading.name("frontier.name");
        Optional<JsonNode> several = tree.value(SEVERAL);
        boolean isOne = List.of("url", "model", "key", "prices", "cost-per-hour").stream()
                .anyMatch(part -> tree.value(ONE + "." + part).isPresent());
        if (several.isPresent()) {
            if (isOne) {
                reading.fault(
                        SEVERAL,
                        "stands beside frontier.…; move that one into the list (frontier.name may stay: so orders call"
                                + " all of them together)");
            }
            return new Settings.Frontiers(name, list(several.get()));
        }
        if (!isOne && reading.text("privacy.class").equals("on-device")) {
            return new Settings.Frontiers(name, List.of());
        }
        return new Settings.Frontiers(name, List.of(one(reading)));
    }

    private List<Settings.Frontier> list(JsonNode several) {
        List<Settings.Frontier> members = new ArrayList<>();
        if (!(several instanceof ArrayNode array) || array.isEmpty()) {
            reading.fault(SEVERAL, "must be a list of tables, each with name, url and model");
            return members;
        }
        Set<String> names = new HashSet<>();
        for (JsonNode element : array) {
            String where = SEVERAL + "[" + members.size() + "]";
            Tree own = Tree.of(ONE, element);
            Reading part = new Reading(own);
            if (own.value("frontier.name").isEmpty()) {
                part.missing("frontier.name");
            }
            if (!members.isEmpty() && own.value("frontier.key").isEmpty()) {
                part.fault("frontier.key", "is missing; the app's own key is sent to the first of the list only");
            }
            Settings.Frontier member = one(part);
            if (!names.add(member.name())) {
                part.fault("frontier.name", "\"" + member.name() + "\" is in the list twice; give each its own");
            }
            own.faults().forEach(fault -> tree.faults().add(fault.replaceAll("\\bfrontier(?=[.:\"])", where)));
            members.add(member);
        }
        return members;
    }

    private static Settings.Frontier one(Reading reading) {
        for (String path : List.of("frontier.url", "frontier.model")) {
            if (reading.optional(path).isEmpty()) {
                reading.missing(path);
            }
        }
        Optional<PriceCard> prices = prices(reading);
        long most = reading.nanos("frontier.cost-per-hour");
        if (prices.isEmpty() && most != Long.MAX_VALUE) {
            reading.fault("frontier.cost-per-hour", "needs frontier.prices beside it; nothing else says what it costs");
        }
        return new Settings.Frontier(
                reading.name("frontier.name"),
                reading.url("frontier.url"),
                reading.text("frontier.model"),
                reading.optional("frontier.key"),
                reading.duration("frontier.timeout"),
                prices,
                most);
    }

    private static Optional<PriceCard> prices(Reading reading) {
        Map<String, String> said = reading.table("frontier.prices");
        if (said.isEmpty()) {
            return Optional.empty();
        }
        try {
            for (String key : said.keySet()) {
                if (!PRICES.contains(key)) {
                    throw new IllegalArgumentException("has \"" + key + "\"; known are "
                            + PRICES.stream().sorted().toList());
                }
            }
            return Optional.of(new PriceCard(
                    said.getOrDefault("version", ""),
                    said.getOrDefault("currency", "USD"),
                    Long.parseLong(said.getOrDefault("request", "0")),
                    Long.parseLong(said.getOrDefault("token-in", "0")),
                    Long.parseLong(said.getOrDefault("token-out", "0"))));
        } catch (NumberFormatException e) {
            reading.fault("frontier.prices", "must be whole nano-units, such as token-in: 150; not " + said);
        } catch (IllegalArgumentException e) {
            reading.fault("frontier.prices", String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }
}
