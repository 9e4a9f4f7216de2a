// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console.shell;

import io.edgewise.console.Etag;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Keeps what was just rendered, so that many viewers of one rollout cost the database one read each half second.
final class Fragments {
    private static final Duration FRESH = Duration.ofMillis(500);
    private static final int MOST = 256;

    private final ConcurrentHashMap<String, Slot> slots = new ConcurrentHashMap<>();
    private final InstantSource clock;

    Fragments(InstantSource clock) {
        this.clock = clock;
    }

    /// Rendered HTML and the name of its content.
    record Fragment(String html, String etag, Instant at) {}

    /// Reads and renders.
    @FunctionalInterface
    interface Source {
        String html() throws SQLException;
    }

    Fragment get(String key, Source source) throws SQLException {
        if (slots.size() > MOST) {
            slots.clear();
        }
        return slots.computeIfAbsent(key, k -> new Slot()).get(source, clock.instant());
    }

    private static final class Slot {
        private @Nullable Fragment last;

        synchronized Fragment get(Source source, Instant now) throws SQLException {
            Fragment kept = last;
            if (kept != null && Duration.between(kept.at(), now).abs().compareTo(FRESH) < 0) {
                return kept;
            }
            String html = source.html();
            Fragment made = new Fragment(html, Etag.of(html), now);
            last = made;
            return made;
        }
    }
}
