// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.Beside;
import io.edgewise.agent.app.api.ApiFailure;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What an app sends beside the body for whoever answers it: not what belongs to the connection, to the body's form, to
/// a browser, or to this agent.
final class AppHeaders {
    private static final Set<String> OUR_OWN = Set.of(
            "accept",
            "accept-encoding",
            "authorization",
            "content-encoding",
            "content-length",
            "content-type",
            "cookie",
            "origin");

    private AppHeaders() {}

    static Beside of(HttpServerRequest request) throws ApiFailure {
        return new Beside(query(request.query()), headers(request.headers()));
    }

    private static String query(@Nullable String raw) throws ApiFailure {
        if (raw == null || raw.isEmpty()) {
            return "";
        }
        try {
            return new URI("?" + raw).getRawQuery();
        } catch (URISyntaxException e) {
            throw ApiFailure.refused(
                    400, "bad_query", "The query behind the path is not one of a URL; write other characters as %XX.");
        }
    }

    static Map<String, List<String>> headers(MultiMap sent) {
        Set<String> named = new HashSet<>();
        for (String list : sent.getAll("Connection")) {
            Arrays.stream(list.split(",")).map(name -> lower(name.strip())).forEach(named::add);
        }
        Map<String, List<String>> headers = new TreeMap<>();
        for (Map.Entry<String, String> header : sent) {
            String name = lower(header.getKey());
            boolean isForAgent = name.startsWith("x-edgewise-") || OUR_OWN.contains(name);
            if (!isForAgent && !PassThrough.OF_THE_CONNECTION.contains(name) && !named.contains(name)) {
                headers.computeIfAbsent(name, _ -> new ArrayList<>()).add(header.getValue());
            }
        }
        return headers;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
