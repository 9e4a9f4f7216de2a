// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import java.time.Duration;
import java.time.Instant;

/// A span of time in words. While it runs, `since` lets the browser count on by itself; empty when it stands.
public record Clock(String since, String text) {
    static Clock running(Instant since, Instant now) {
        return new Clock(since.toString(), Format.duration(Duration.between(since, now)));
    }

    static Clock stopped(Duration took) {
        return new Clock("", Format.duration(took));
    }
}
