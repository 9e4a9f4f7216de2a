// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell.webhook;

import io.edgewise.runtime.http.Door;
import io.edgewise.runtime.http.Target;
import java.net.URI;

/// Where events go, and the secret that they are signed with.
public record Endpoint(String name, Target target, String secret) {
    private static final int SHORTEST_SECRET = 16;

    /// Refuses an address that the door does not let through, whatever it resolves to.
    public static Endpoint of(String name, URI url, String secret, Door door) {
        String key = "edgewise.drift.webhook.endpoints." + name;
        if (secret.length() < SHORTEST_SECRET) {
            throw new IllegalArgumentException(
                    key + ".secret has " + secret.length() + " characters; use at least " + SHORTEST_SECRET);
        }
        try {
            return new Endpoint(name, new Target(url, door), secret);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + ".url " + e.getMessage(), e);
        }
    }

    /// Without the secret.
    @Override
    public String toString() {
        return name + " at " + target.url();
    }
}
