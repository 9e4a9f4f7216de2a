// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.time.Duration;
import java.util.Optional;

/// One request to come: when (after the one before), on which device, by which user, what is said, and after which
/// delay the app tells the true intent, if it does at all.
public record Call(long gapNanos, int device, String unit, Utterance utterance, Optional<Duration> truthAfter) {}
