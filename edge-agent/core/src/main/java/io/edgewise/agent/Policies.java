// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.agent.privacy.PrivacyPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// What a device's owner decides: what may leave it, how it routes by itself, what mirrors may take, when
/// a build is given a rest.
public record Policies(PrivacyPolicy privacy, Routing routing, Mirroring mirroring, Breaker.Settings breaker) {
    public static final Policies DEFAULT =
            new Policies(PrivacyPolicy.DEFAULT, Routing.DEFAULT, Mirroring.DEFAULT, Breaker.Settings.DEFAULT);

    /// `home` is the build that answers where no order says otherwise and the frontier may not be
    /// asked. After `edgeLimit` a build on the device is given up; after `hedgeAfter` the next in line is
    /// asked beside one that has not answered. Below `lowBattery` the frontier answers rather than a
    /// build. `edgeMilliwatts` is what the device takes while a build answers, as a benchmark measured it.
    public record Routing(
            Optional<String> home,
            Optional<Duration> edgeLimit,
            Optional<Duration> hedgeAfter,
            double lowBattery,
            OptionalLong edgeMilliwatts) {
        public static final Routing DEFAULT =
                new Routing(Optional.empty(), Optional.empty(), Optional.empty(), 0, OptionalLong.empty());

        /// What an answer of the edge takes, where its power is known.
        OptionalLong energyUj(long micros) {
            return edgeMilliwatts.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(edgeMilliwatts.getAsLong() * micros / 1_000);
        }

        public Routing {
            if (!(lowBattery >= 0 && lowBattery <= 1)) {
                throw new IllegalArgumentException("lowBattery is " + lowBattery + "; a charge lies between 0 and 1");
            }
            if (edgeLimit.isPresent() && !edgeLimit.get().isPositive()
                    || hedgeAfter.isPresent() && !hedgeAfter.get().isPositive()) {
                throw new IllegalArgumentException(
                        "edgeLimit " + edgeLimit + " and hedgeAfter " + hedgeAfter + " must be positive or left out");
            }
        }
    }

    /// At most `atOnce` run beside each other, those that ask a frontier cost at most `nanosPerHour`, and below
    /// `lowBattery` none run.
    public record Mirroring(int atOnce, long nanosPerHour, double lowBattery) {
        public static final Mirroring DEFAULT = new Mirroring(8, Long.MAX_VALUE, 0.2);

        public Mirroring {
            if (atOnce < 1 || nanosPerHour < 0 || !(lowBattery >= 0 && lowBattery <= 1)) {
                throw new IllegalArgumentException("mirrors of which " + atOnce + " run at once for " + nanosPerHour
                        + " an hour, down to a charge of " + lowBattery
                        + ", cannot be: at least 1, not negative, and between 0 and 1");
            }
        }
    }
}
