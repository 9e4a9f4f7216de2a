// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/// The users of the demo: requests arrive as a Poisson process, from all users alike, whatever the answers take (an
/// open loop). The utterances come in a new random order each time all were said. The same seed gives the same
/// requests. Not safe for concurrent use.
public final class Traffic {
    /// The share of requests whose true intent the demo app sends.
    public static final double TRUTH_SHARE = 0.25;

    public static final Duration LONGEST_TRUTH_DELAY = Duration.ofSeconds(5);

    private static final double NANOS_PER_SECOND = 1e9;

    private final List<Utterance> utterances;
    private final int devices;
    private final int usersPerDevice;
    private final double ratePerSecond;
    private final SplittableRandom random;
    private int said;

    public Traffic(List<Utterance> utterances, int devices, int usersPerDevice, double ratePerSecond, long seed) {
        if (utterances.isEmpty() || devices < 1 || usersPerDevice < 1 || !(ratePerSecond > 0)) {
            throw new IllegalArgumentException("traffic needs utterances, devices, users and a rate; got "
                    + utterances.size() + ", " + devices + ", " + usersPerDevice + " and " + ratePerSecond);
        }
        this.utterances = new ArrayList<>(utterances);
        this.devices = devices;
        this.usersPerDevice = usersPerDevice;
        this.ratePerSecond = ratePerSecond;
        this.random = new SplittableRandom(seed);
    }

    public double ratePerSecond() {
        return ratePerSecond;
    }

    public Call next() {
        int device = random.nextInt(devices);
        String unit = String.format(Locale.ROOT, "user-%04d-%02d", device, random.nextInt(usersPerDevice));
        Optional<Duration> truthAfter = random.nextDouble() < TRUTH_SHARE
                ? Optional.of(Duration.ofNanos(random.nextLong(LONGEST_TRUTH_DELAY.toNanos())))
                : Optional.empty();
        return new Call(gapNanos(), device, unit, utterance(), truthAfter);
    }

    private long gapNanos() {
        // 1 - u lies in (0, 1]: its logarithm is finite.
        return Math.round(-StrictMath.log(1 - random.nextDouble()) / ratePerSecond * NANOS_PER_SECOND);
    }

    private Utterance utterance() {
        int index = said % utterances.size();
        if (index == 0) {
            shuffle();
        }
        said = index + 1;
        return utterances.get(index);
    }

    private void shuffle() {
        for (int i = utterances.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            Utterance swapped = utterances.get(i);
            utterances.set(i, utterances.get(other));
            utterances.set(other, swapped);
        }
    }
}
