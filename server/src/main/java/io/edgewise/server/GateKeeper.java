// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
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
    private final LastRequests lasts = new LastRequests();

    @Inject
    GateKeeper(Gate gate, DeviceCertificates certificates) {
        this.gate = gate;
        this.certificates = certificates;
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, FIRST);
    }

    /// A request for no path ("GET x", CONNECT) fails before any filter sees it.
    void register(@Observes Router router) {
        router.route().order(Integer.MIN_VALUE).failureHandler(this::checkFailed);
    }

    private void checkFailed(RoutingContext context) {
        String path = context.request().path();
        if (path != null && path.startsWith("/")) {
            context.next();
        } else if (!lasts.isBehind(context.request())) {
            protect(context.response());
            refuseMalformed(context, "the request line names no path; send \"GET /x HTTP/1.1\"");
        }
    }

    private void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (lasts.isBehind(request)) {
            return;
        }
        HttpServerResponse response = context.response();
        // At the end, so that a resource that sets one of them too does not send it twice.
        context.addHeadersEndHandler(end -> protect(response));
        if (request.version() != HttpVersion.HTTP_2) {
            Framing framing = Framing.of(request);
            String fault = framing.fault();
            if (!fault.isEmpty()) {
                refuseMalformed(context, fault);
                return;
            }
            if (framing.endsConnection()) {
                lasts.add(context, true);
            }
        }
        if (context.normalizedPath().startsWith("/ingest/")) {
            String fault = certificates.lendToken(request);
            if (!fault.isEmpty()) {
                refuse(context, new Gate.Answer.Refuse(401, "two-identities", fault, "Bearer"));
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
            case Gate.Answer.Refuse refuse -> refuse(context, refuse);
        }
    }

    private static void protect(HttpServerResponse response) {
        response.putHeader("Content-Security-Policy", CONTENT_POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin");
    }

    /// Where such a request ends is anybody's guess.
    private void refuseMalformed(RoutingContext context, String fault) {
        lasts.add(context, false);
        refuse(context, new Gate.Answer.Refuse(400, "malformed", fault, ""));
    }

    private void refuse(RoutingContext context, Gate.Answer.Refuse refuse) {
        HttpServerResponse response = context.response();
        if (!refuse.challenge().isEmpty()) {
            response.putHeader("WWW-Authenticate", refuse.challenge());
        }
        lasts.add(context, true);
        response.setStatusCode(refuse.status())
                .putHeader("Content-Type", "application/problem+json")
                .end(new JsonObject()
                        .put("title", refuse.title())
                        .put("status", refuse.status())
                        .put("detail", refuse.detail())
                        .encode());
    }
}
