// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How an HTTP/1 request says where it goes and where its body ends. What two servers in a row could read
/// in two ways is read by none: one of them would take the rest for another request.
///
/// @param version of HTTP, or null for one that is not known
/// @param target as it stands in the request line
/// @param hasNameless whether a header has no name
/// @param hosts all values of Host, and of Content-Length and Transfer-Encoding
record Framing(
        @Nullable HttpVersion version,
        String target,
        boolean hasNameless,
        List<String> hosts,
        List<String> lengths,
        List<String> encodings) {
    private static final String CHUNKED = "chunked";

    static Framing of(HttpServerRequest request) {
        return new Framing(
                request.version(),
                request.uri(),
                request.headers().contains(""),
                request.headers().getAll("Host"),
                request.headers().getAll("Content-Length"),
                request.headers().getAll("Transfer-Encoding"));
    }

    /// Empty, or what is wrong and what to send instead.
    String fault() {
        if (version == null) {
            return "this version of HTTP is not spoken here; send HTTP/1.1";
        }
        if (hasNameless) {
            return "a header has no name; send \"Name: value\"";
        }
        if (hosts.size() > 1) {
            return "the header Host is there twice; send it once";
        }
        if (lengths.size() > 1) {
            return "the header Content-Length is there twice; send it once";
        }
        if (encodings.size() > 1 || encodings.size() == 1 && !lengths.isEmpty()) {
            return "the body's length is said twice; send one Content-Length, or one Transfer-Encoding: chunked";
        }
        if (encodings.size() == 1 && (version != HttpVersion.HTTP_1_1 || !isChunked(encodings.getFirst()))) {
            return "the only Transfer-Encoding here is chunked, of HTTP/1.1; compressed bodies say Content-Encoding";
        }
        return isOwnTarget() ? "" : "the request line and Host name two servers; send a path, \"GET /x HTTP/1.1\"";
    }

    /// A server in front may have seen the end of a chunked body elsewhere: its lengths are read leniently,
    /// and a Content-Length beside it is taken away before anybody here sees it. So nothing behind it is read.
    boolean endsConnection() {
        return !encodings.isEmpty();
    }

    private static boolean isChunked(String encoding) {
        return encoding.strip().toLowerCase(Locale.ROOT).equals(CHUNKED);
    }

    private boolean isOwnTarget() {
        if (target.startsWith("/") || target.equals("*")) {
            return true;
        }
        try {
            String authority = new URI(target).getRawAuthority();
            return authority != null
                    && !hosts.isEmpty()
                    && authority.equalsIgnoreCase(hosts.getFirst().strip());
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
