// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.Consent;
import io.edgewise.agent.Terms;
import io.edgewise.agent.app.api.ApiFailure;
import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.privacy.PrivacyClass;
import io.edgewise.contracts.Names;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads from a request's headers on which terms it is answered, and for whom.
final class AppTerms {
    private static final String CONSENT = "X-Edgewise-Consent";
    static final String TIMEOUT = "X-Edgewise-Timeout-Ms";
    private static final String UNIT = "X-Edgewise-Unit";
    private static final String PRIVACY = "X-Edgewise-Privacy";
    private static final String TAGS = "X-Edgewise-Tags";
    private static final String FEATURES = "X-Edgewise-Features";
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,20}(\\.[0-9]{1,20})?([eE][-+]?[0-9]{1,3})?");
    private static final int MOST_TAGS = 16;
    private static final int MOST_FEATURES = 16;
    private static final int LONGEST_UNIT = 256;

    private final Settings settings;

    AppTerms(Settings settings) {
        this.settings = settings;
    }

    /// The header's consent, else the body's, else the configured one.
    Terms of(Exchange exchange, Optional<String> said) throws ApiFailure {
        String header = exchange.header(CONSENT);
        Optional<String> word = header == null ? said : Optional.of(header);
        return Terms.DEFAULT
                .with(consent(word))
                .with(privacy(exchange))
                .tagged(tags(exchange))
                .within(left(exchange));
    }

    private static PrivacyClass privacy(Exchange exchange) throws ApiFailure {
        String word = exchange.header(PRIVACY);
        try {
            return word == null ? PrivacyClass.OPEN : PrivacyClass.of(word.strip());
        } catch (IllegalArgumentException e) {
            throw ApiFailure.invalid(PRIVACY, String.valueOf(e.getMessage()));
        }
    }

    private static Set<String> tags(Exchange exchange) throws ApiFailure {
        String said = exchange.header(TAGS);
        if (said == null || said.isBlank()) {
            return Set.of();
        }
        Set<String> tags = new LinkedHashSet<>();
        for (String tag : said.split(",", -1)) {
            if (!TAG.matcher(tag.strip()).matches()) {
                throw ApiFailure.invalid(
                        TAGS, TAGS + " must be words of letters, digits, - and _, of at most 64, with commas.");
            }
            tags.add(tag.strip());
        }
        if (tags.size() > MOST_TAGS) {
            throw ApiFailure.invalid(TAGS, TAGS + " has more than " + MOST_TAGS + " words.");
        }
        return tags;
    }

    /// Numbers of the app's own, which drift watches.
    static Map<String, Double> features(Exchange exchange) throws ApiFailure {
        String said = exchange.header(FEATURES);
        if (said == null || said.isBlank()) {
            return Map.of();
        }
        Map<String, Double> features = new LinkedHashMap<>();
        for (String feature : said.split(",", -1)) {
            int at = feature.indexOf('=');
            String name = feature.substring(0, Math.max(0, at)).strip();
            OptionalDouble value = number(feature.substring(at + 1).strip());
            if (!Names.isValid(name) || value.isEmpty()) {
                throw ApiFailure.invalid(
                        FEATURES,
                        FEATURES + " must be numbers by name, such as queue=3,load=0.5; names of a-z 0-9 . _ -.");
            }
            features.put(name, value.getAsDouble());
        }
        if (features.size() > MOST_FEATURES) {
            throw ApiFailure.invalid(FEATURES, FEATURES + " has more than " + MOST_FEATURES + " numbers.");
        }
        return features;
    }

    /// In digits: what Java also takes for numbers (NaN, 0x1p3, 1d) is none here.
    private static OptionalDouble number(String said) {
        if (!NUMBER.matcher(said).matches()) {
            return OptionalDouble.empty();
        }
        double value = Double.parseDouble(said);
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    /// Of what goes to the frontier byte for byte, nothing can be taken out. Throws where the workload or
    /// the app asked for more than that.
    void requireMayPass(Exchange exchange) throws ApiFailure {
        switch (settings.policies().privacy().of(privacy(exchange))) {
            case OPEN -> {}
            case ON_DEVICE ->
                throw ApiFailure.refused(
                        403,
                        "stays_on_device",
                        "Only the frontier could answer this, and this request may not leave the device.");
            case REDACTED -> {
                if (!settings.privacy().passThrough()) {
                    throw ApiFailure.refused(
                            403,
                            "not_redactable",
                            "Only the frontier could answer this, and the agent cannot redact it. If it may leave as"
                                    + " it is, set privacy.pass-through: true, or privacy.class: open.");
                }
            }
        }
    }

    /// Whether what leaves must have been redacted.
    boolean isRedacted(Exchange exchange) throws ApiFailure {
        return settings.policies().privacy().of(privacy(exchange)) == PrivacyClass.REDACTED
                && !settings.privacy().passThrough();
    }

    private Consent consent(Optional<String> word) throws ApiFailure {
        try {
            return word.map(Consent::of).orElse(settings.identity().consent());
        } catch (IllegalArgumentException e) {
            throw ApiFailure.invalid(CONSENT, String.valueOf(e.getMessage()));
        }
    }

    private Duration left(Exchange exchange) throws ApiFailure {
        Duration left = deadline(exchange).minus(exchange.age());
        return left.isPositive() ? left : Duration.ofNanos(1);
    }

    /// From when the request came.
    Duration deadline(Exchange exchange) throws ApiFailure {
        Duration most = settings.http().limits().timeout();
        String asked = exchange.header(TIMEOUT);
        if (asked == null) {
            return most;
        }
        try {
            long millis = Long.parseLong(asked.strip());
            if (millis >= 1) {
                return millis < most.toMillis() ? Duration.ofMillis(millis) : most;
            }
        } catch (NumberFormatException e) {
            throw ApiFailure.invalid(TIMEOUT, TIMEOUT + " must be a whole number of milliseconds.");
        }
        throw ApiFailure.invalid(TIMEOUT, TIMEOUT + " must be at least 1.");
    }

    /// Who sticks to one arm: what the app names, else the device as a whole.
    String unit(Exchange exchange, Optional<String> said) {
        @Nullable String header = exchange.header(UNIT);
        String unit = header == null || header.isBlank()
                ? said.orElse(settings.identity().device())
                : header;
        return unit.length() <= LONGEST_UNIT ? unit : unit.substring(0, LONGEST_UNIT);
    }
}
