// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.util.Objects;

/// What the app asks. The unit is who sticks to one arm: a user or a session.
public record Request(String unit, String text) {
    public Request {
        Objects.requireNonNull(unit, "unit");
        Objects.requireNonNull(text, "text");
    }
}
