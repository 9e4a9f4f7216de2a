// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.config;

import io.edgewise.agent.Breaker;
import io.edgewise.agent.Policies;
import io.edgewise.agent.privacy.PrivacyClass;
import io.edgewise.agent.privacy.PrivacyPolicy;
import io.edgewise.agent.privacy.Redactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// What the device's owner decides: what may leave it, how it routes by itself, what mirrors may take.
final class PolicyReader {
    private static final double PERCENT = 100;

    private final Reading reading;
    private final Path base;

    PolicyReader(Reading reading, Path base) {
        this.reading = reading;
        this.base = base;
    }

    Policies policies() {
        return new Policies(privacy(), routing(), mirroring(), breaker());
    }

    private Breaker.Settings breaker() {
        return duration("breaker.p99")
                .map(p99 -> Breaker.Settings.DEFAULT.within(p99.toNanos() / 1_000))
                .orElse(Breaker.Settings.DEFAULT);
    }

    private PrivacyPolicy privacy() {
        PrivacyClass least = PrivacyClass.of(reading.word("privacy.class", List.of("redacted", "open", "on-device")));
        boolean texts = reading.flag("privacy.texts");
        Set<PrivacyPolicy.Use> uses = uses();
        Redactor redactor = redactor();
        try {
            return new PrivacyPolicy(least, redactor, texts, uses);
        } catch (IllegalArgumentException e) {
            reading.fault("privacy.texts", String.valueOf(e.getMessage()));
            return PrivacyPolicy.DEFAULT;
        }
    }

    private Set<PrivacyPolicy.Use> uses() {
        Set<PrivacyPolicy.Use> uses = EnumSet.noneOf(PrivacyPolicy.Use.class);
        for (String word : reading.list("privacy.uses")) {
            switch (word) {
                case "judge" -> uses.add(PrivacyPolicy.Use.JUDGE);
                case "training" -> uses.add(PrivacyPolicy.Use.TRAINING);
                default -> reading.fault("privacy.uses", "\"" + word + "\" is no use; write judge, training or both");
            }
        }
        return uses;
    }

    private Redactor redactor() {
        try {
            return Redactor.of(reading.table("privacy.patterns"), names());
        } catch (IllegalArgumentException e) {
            reading.fault("privacy", String.valueOf(e.getMessage()));
            return Redactor.BUILT_IN;
        }
    }

    private Set<String> names() {
        Set<String> names = new LinkedHashSet<>(reading.list("privacy.names"));
        Optional<String> file = reading.optional("privacy.names-file");
        if (file.isPresent()) {
            Path path = base.resolve(file.get());
            try {
                Files.readAllLines(path).stream()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .forEach(names::add);
            } catch (IOException e) {
                reading.fault(
                        "privacy.names-file",
                        "the file " + path + " cannot be read (" + e.getClass().getSimpleName()
                                + "); write one name on each line, in UTF-8");
            }
        }
        return names;
    }

    private Policies.Routing routing() {
        return new Policies.Routing(
                reading.optional("routing.home"),
                duration("routing.edge-limit"),
                duration("routing.hedge-after"),
                reading.number("routing.low-battery", 0, 100) / PERCENT,
                reading.optional("routing.edge-milliwatts").isPresent()
                        ? OptionalLong.of(reading.number("routing.edge-milliwatts", 1, 10_000_000))
                        : OptionalLong.empty());
    }

    private Optional<Duration> duration(String path) {
        return reading.optional(path).isPresent() ? Optional.of(reading.duration(path)) : Optional.empty();
    }

    private Policies.Mirroring mirroring() {
        return new Policies.Mirroring(
                reading.number("mirroring.at-once", 1, 1_000),
                reading.nanos("mirroring.cost-per-hour"),
                reading.number("mirroring.low-battery", 0, 100) / PERCENT);
    }
}
