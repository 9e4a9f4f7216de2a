// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.Lane;
import java.util.UUID;

/// A lane that this process owns, as long as the database still says so: epoch and token both match.
record Claim(Lane lane, long epoch, UUID owner) {}
