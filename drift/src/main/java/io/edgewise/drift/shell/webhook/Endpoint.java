// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell.webhook;

import java.net.URI;

/// Where events go, and the secret that they are signed with.
public record Endpoint(String name, URI url, String secret, Door door) {
    private static final int SHORTEST_SECRET = 16;

    /// Refuses an address that the door does not let through, whatever it resolves to.
    public static Endpoint of(String name, URI url, String secret, Door door) {
        door.refusal(url).ifPresent(why -> {
            throw new IllegalArgumentException(
                    "edgewise.drift.webhook.endpoints." + name + ".url is " + url + "; " + why);
        });
        if (secret.length() < SHORTEST_SECRET) {
            throw new IllegalArgumentException("edgewise.drift.webhook.endpoints." + name + ".secret has "
                    + secret.length() + " characters; use at least " + SHORTEST_SECRET);
        }
        return new Endpoint(name, url, secret, door);
    }

    int port() {
        boolean plain = "http".equalsIgnoreCase(url.getScheme());
        return url.getPort() >= 0 ? url.getPort() : plain ? 80 : 443;
    }

    boolean isPlain() {
        return "http".equalsIgnoreCase(url.getScheme());
    }

    /// Path and query.
    String target() {
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return url.getRawQuery() == null ? path : path + '?' + url.getRawQuery();
    }

    String authority() {
        return url.getPort() >= 0 ? url.getHost() + ':' + url.getPort() : url.getHost();
    }

    /// Without the secret.
    @Override
    public String toString() {
        return name + " at " + url;
    }
}
