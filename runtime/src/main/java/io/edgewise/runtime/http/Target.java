// SPDX-License-Identifier: Apache-2.0
package io.edgewise.runtime.http;

import java.net.URI;

/// An address that its door lets through, whatever it resolves to.
public record Target(URI url, Door door) {
    public Target {
        String refusal = door.refusal(url).orElse("");
        if (!refusal.isEmpty()) {
            throw new IllegalArgumentException("is " + url + "; " + refusal);
        }
    }

    int port() {
        return url.getPort() >= 0 ? url.getPort() : isPlain() ? 80 : 443;
    }

    boolean isPlain() {
        return "http".equalsIgnoreCase(url.getScheme());
    }

    /// Path and query.
    String path() {
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return url.getRawQuery() == null ? path : path + '?' + url.getRawQuery();
    }

    String authority() {
        return url.getPort() >= 0 ? url.getHost() + ':' + url.getPort() : url.getHost();
    }
}
