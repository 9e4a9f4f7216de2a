// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/// Connections of HTTP/1 that have had their last request: it is answered, what else comes is not read as one,
/// and then the server hangs up. "Connection: close" in an answer alone only asks the client to do so. A
/// connection of HTTP/2 carries others' requests too and goes on.
final class LastRequests {
    /// So long the rest of a request may still come and is thrown away; hung up upon at once, a client that
    /// is still sending could see its connection break before it has read the answer.
    private static final long REST_MS = 2_000;

    private final Set<HttpConnection> ended =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    /// Whether the request came behind the last one.
    boolean isBehind(HttpServerRequest request) {
        return ended.contains(request.connection());
    }

    /// The request at hand is its connection's last. Called on its event loop, before it is answered.
    ///
    /// @param hasEnd whether it is known where the request ends; else nothing more of it is read
    void add(RoutingContext context, boolean hasEnd) {
        HttpServerRequest request = context.request();
        if (request.version() == HttpVersion.HTTP_2 || !ended.add(request.connection())) {
            return;
        }
        context.addHeadersEndHandler(_ -> context.response().putHeader("Connection", "close"));
        Thread home = Thread.currentThread();
        Context loop = context.vertx().getOrCreateContext();
        context.addEndHandler(_ -> {
            if (!hasEnd || request.isEnded()) {
                close(request.connection());
            } else if (Thread.currentThread().equals(home)) {
                awaitRest(context.vertx(), request);
            } else {
                loop.runOnContext(_ -> awaitRest(context.vertx(), request));
            }
        });
    }

    /// On the event loop: the request does not end meanwhile.
    private static void awaitRest(Vertx vertx, HttpServerRequest request) {
        HttpConnection connection = request.connection();
        if (request.isEnded()) {
            close(connection);
            return;
        }
        request.endHandler(_ -> close(connection));
        request.resume();
        vertx.setTimer(REST_MS, _ -> close(connection));
    }

    private static void close(HttpConnection connection) {
        var _ = connection.close();
    }
}
