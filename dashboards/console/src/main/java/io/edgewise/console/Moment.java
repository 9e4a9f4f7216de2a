// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import java.time.Instant;

/// A point in time for a `time` element: machine-readable, short, and in full.
public record Moment(String iso, String time, String day) {
    static Moment of(Instant at) {
        return new Moment(at.toString(), Format.time(at), Format.day(at));
    }
}
