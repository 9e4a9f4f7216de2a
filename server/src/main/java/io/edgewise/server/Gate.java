// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.edgewise.runtime.access.Caller;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Who may come in: a pure function of a request's head. Everything needs a token, the operator's or a generated
/// one, except what is named here: health; metrics and pages on a server that only this machine reaches; and
/// `/ingest/`, whose resources check
/// device tokens.
final class Gate {
    private static final Set<String> READING = Set.of("GET", "HEAD");

    private final Binding binding;
    private final boolean consoleIsOpen;
    private final byte[] operatorToken;
    private final Function<String, Optional<Caller>> tokens;

    /// `tokens` knows the generated ones, and is asked on the event loop.
    Gate(Binding binding, boolean consoleIsOpen, String operatorToken, Function<String, Optional<Caller>> tokens) {
        this.binding = binding;
        this.consoleIsOpen = consoleIsOpen;
        this.operatorToken = operatorToken.getBytes(StandardCharsets.UTF_8);
        this.tokens = tokens;
    }

    /// The head of a request. The path is normalised: no dots, no double slashes, nothing needlessly encoded.
    record Head(
            String method,
            String path,
            @Nullable String host,
            @Nullable String origin,
            @Nullable String authorization) {}

    /// What becomes of a request.
    sealed interface Answer {
        /// `caller`: whose token the request carried, if any.
        record Enter(Optional<Caller> caller) implements Answer {}

        /// `challenge` is the value of WWW-Authenticate, or empty.
        record Refuse(int status, String title, String detail, String challenge) implements Answer {}
    }

    Answer decide(Head head) {
        if (head.host() == null || !binding.knows(head.host())) {
            return new Answer.Refuse(
                    421,
                    "misdirected",
                    "this server does not answer under this host name; add it to edgewise.hosts if it should",
                    "");
        }
        if (head.path().indexOf(';') >= 0 || head.path().indexOf('\\') >= 0) {
            return new Answer.Refuse(400, "malformed", "paths here hold neither ';' nor '\\'", "");
        }
        boolean reading = READING.contains(head.method());
        if (!reading && head.origin() != null && !isOurs(head.origin())) {
            return new Answer.Refuse(403, "foreign-origin", "another site's page may not act here", "");
        }
        Optional<Caller> caller = caller(head.authorization());
        if (caller.isPresent() || isFree(head.path(), reading)) {
            return new Answer.Enter(caller);
        }
        boolean page = reading && !isBelow(head.path(), "/api") && !isBelow(head.path(), "/q");
        return new Answer.Refuse(
                401,
                "unauthenticated",
                "send a token as \"Authorization: Bearer <token>\": the operator's, or a generated one",
                page ? "Basic realm=\"edgewise\", charset=\"UTF-8\"" : "Bearer");
    }

    private boolean isFree(String path, boolean reading) {
        if (isBelow(path, "/ingest")) {
            return true;
        }
        if (isBelow(path, "/q/health")) {
            return reading;
        }
        if (isBelow(path, "/q/metrics")) {
            return reading && binding.isLoopback();
        }
        return reading && consoleIsOpen && !isBelow(path, "/q") && !isBelow(path, "/api");
    }

    private static boolean isBelow(String path, String root) {
        String lower = path.toLowerCase(Locale.ROOT);
        return lower.equals(root) || lower.startsWith(root + '/');
    }

    private boolean isOurs(String origin) {
        int scheme = origin.indexOf("://");
        return scheme > 0 && binding.knows(origin.substring(scheme + 3));
    }

    private Optional<Caller> caller(@Nullable String authorization) {
        if (authorization == null) {
            return Optional.empty();
        }
        String offered = "";
        if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            offered = authorization.substring(7).strip();
        } else if (authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            offered = password(authorization.substring(6).strip());
        }
        return MessageDigest.isEqual(operatorToken, offered.getBytes(StandardCharsets.UTF_8))
                ? Optional.of(Caller.OPERATOR)
                : tokens.apply(offered);
    }

    private static String password(String basic) {
        try {
            String pair = new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
