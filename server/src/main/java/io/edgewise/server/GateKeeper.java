// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/// Asks the {@link Gate} about every request before anything else sees it, and puts security headers on every answer.
@Singleton
final class GateKeeper {
    /// In the routing context's data: the caller, where there is one.
    static final String CALLER = "edgewise.caller";

    private static final int FIRST = 10_000;
    private static final String CONTENT_POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'self'; " + "frame-ancestors 'none'; object-src 'none'";

    private final Gate gate;
    private final DeviceCertificates certificates;

    @Inject
    GateKeeper(Gate gate, DeviceCertificates certificates) {
        this.gate = gate;
        this.certificates = certificates;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, FIRST);
    }

    private void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = context.response();
        // At the end, so that a resource that sets one of them too does not send it twice.
        context.addHeadersEndHandler(end -> protect(response));
        if (context.normalizedPath().startsWith("/ingest/")) {
            String fault = certificates.lendToken(request);
            if (!fault.isEmpty()) {
                refuse(request, new Gate.Answer.Refuse(401, "two-identities", fault, "Bearer"));
                return;
            }
        }
        Gate.Head head = new Gate.Head(
                request.method().name(),
                context.normalizedPath(),
                request.authority() == null ? null : request.authority().toString(),
                request.getHeader("Origin"),
                request.getHeader("Authorization"));
        switch (gate.decide(head)) {
            case Gate.Answer.Enter enter -> {
                enter.caller().ifPresent(caller -> context.put(CALLER, caller));
                context.next();
            }
            case Gate.Answer.Refuse refuse -> refuse(request, refuse);
        }
    }

    private static void protect(HttpServerResponse response) {
        response.putHeader("Content-Security-Policy", CONTENT_POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin");
    }

    private static void refuse(HttpServerRequest request, Gate.Answer.Refuse refuse) {
        HttpServerResponse response = request.response();
        if (!refuse.challenge().isEmpty()) {
            response.putHeader("WWW-Authenticate", refuse.challenge());
        }
        // What the client still sends is not read. HTTP/2 has no such header: with it, the answer is malformed.
        if (request.version() != HttpVersion.HTTP_2) {
            response.putHeader("Connection", "close");
        }
        response.setStatusCode(refuse.status())
                .putHeader("Content-Type", "application/problem+json")
                .end(new JsonObject()
                        .put("title", refuse.title())
                        .put("status", refuse.status())
                        .put("detail", refuse.detail())
                        .encode());
    }
}
