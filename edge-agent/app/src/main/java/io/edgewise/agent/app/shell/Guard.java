// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.app.api.ApiFailure;
import io.edgewise.agent.app.config.Settings;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who may come in. A page in a browser reaches localhost too: so the host must be one of ours, and the origin, where
/// there is one, allowed.
final class Guard {
    private static final String TOKEN = "X-Edgewise-Token";
    private static final Set<String> TWICE = Set.of("host", "content-length", "transfer-encoding");

    private final Set<String> hosts;
    private final List<String> origins;
    private final Optional<String> token;

    Guard(Settings.Http http) {
        this.hosts = new HashSet<>(
                List.of("localhost", "127.0.0.1", "[::1]", http.host().toLowerCase(Locale.ROOT)));
        http.hosts().forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
        this.origins = http.origins();
        this.token = http.token();
    }

    void check(HttpServerRequest request) throws ApiFailure {
        for (String name : TWICE) {
            if (request.headers().getAll(name).size() > 1) {
                throw ApiFailure.refused(400, "ambiguous", "The header " + name + " is there twice.");
            }
        }
        String host = host(request.getHeader("Host"));
        if (!hosts.contains(host)) {
            throw ApiFailure.refused(
                    421, "foreign_host", "This agent is not called \"" + host + "\"; add it to http.hosts if it is.");
        }
        String origin = request.getHeader("Origin");
        if (origin != null && !origins.contains(origin)) {
            throw ApiFailure.refused(
                    403, "foreign_origin", "Pages of this origin may not call the agent; http.origins lists who may.");
        }
        if (token.isPresent()
                && !isKnown(request, token.get())
                && !isPreflight(request)
                && !request.path().startsWith("/q/health")) {
            throw ApiFailure.refused(
                    401, "invalid_api_key", "Send this agent's http.token as " + TOKEN + " or as bearer token.");
        }
    }

    /// Asked by the browser itself, without what the page would send; its origin has been looked at.
    private static boolean isPreflight(HttpServerRequest request) {
        return request.method().equals(HttpMethod.OPTIONS)
                && request.getHeader("Origin") != null
                && !request.path().startsWith("/q/");
    }

    Optional<String> allowedOrigin(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader("Origin")).filter(origins::contains);
    }

    private static String host(@Nullable String header) {
        String host = header == null ? "" : header.strip().toLowerCase(Locale.ROOT);
        int port = host.lastIndexOf(':');
        return port > host.lastIndexOf(']') ? host.substring(0, port) : host;
    }

    private static boolean isKnown(HttpServerRequest request, String token) {
        String own = request.getHeader(TOKEN);
        String bearer = request.getHeader("Authorization");
        return own != null && isSame(own, token) || bearer != null && isBearer(bearer, token);
    }

    /// The app's own key for whoever is asked for it; never the one that opens this agent.
    static Optional<String> appsKey(HttpServerRequest request, Optional<String> token) {
        return Optional.ofNullable(request.getHeader("Authorization"))
                .filter(header -> token.isEmpty() || !isBearer(header, token.get()));
    }

    private static boolean isBearer(String header, String token) {
        return isSame(header, "Bearer " + token);
    }

    private static boolean isSame(String a, String b) {
        return MessageDigest.isEqual(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
    }
}
