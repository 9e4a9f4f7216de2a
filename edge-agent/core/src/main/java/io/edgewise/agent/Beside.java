// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// What an app sent beside the body: its address's query as it came, and the headers that are meant for
/// whoever answers, in lower case. The first frontier gets them, which is the one that the app means.
public record Beside(String query, Map<String, List<String>> headers) {
    public static final Beside NOTHING = new Beside("", Map.of());

    private static final String ONCE = "idempotency-key";
    /// Keys, accounts and versions of the vendors that speak this API, and the ids of traces: words of
    /// machines, not of people.
    private static final Set<String> KNOWN_HEADERS = Set.of(
            "api-key",
            "x-api-key",
            "openai-organization",
            "openai-project",
            "openai-beta",
            "anthropic-version",
            "anthropic-beta",
            "http-referer",
            "x-title",
            "user-agent",
            "traceparent",
            ONCE);

    private static final Set<String> KNOWN_QUERY = Set.of("api-version");

    public Beside {
        headers = Map.copyOf(headers);
    }

    /// The same without what nobody has looked through: where texts must be redacted, no other header
    /// leaves.
    Beside known() {
        String kept = Arrays.stream(query.split("&"))
                .filter(part -> KNOWN_QUERY.contains(part.replaceFirst("=.*", "")))
                .collect(Collectors.joining("&"));
        return new Beside(kept, only(KNOWN_HEADERS::contains));
    }

    /// The same for another question in the same words: a vendor would give the first one's answer again.
    Beside again() {
        return new Beside(query, only(name -> !name.equals(ONCE)));
    }

    /// The same where somebody else's key is used.
    public Beside keyless() {
        return new Beside(query, only(name -> !name.equals("api-key") && !name.equals("x-api-key")));
    }

    private Map<String, List<String>> only(Predicate<String> isKept) {
        Map<String, List<String>> kept = new TreeMap<>(headers);
        kept.keySet().removeIf(isKept.negate());
        return kept;
    }

    /// A path with the query behind it.
    public String behind(String path) {
        return query.isEmpty() ? path : path + "?" + query;
    }
}
