// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.Consent;
import io.edgewise.agent.Terms;
import io.edgewise.agent.app.api.ApiFailure;
import io.edgewise.agent.app.config.Settings;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads from a request's headers on which terms it is answered, and for whom.
final class AppTerms {
    private static final String CONSENT = "X-Edgewise-Consent";
    private static final String TIMEOUT = "X-Edgewise-Timeout-Ms";
    private static final String UNIT = "X-Edgewise-Unit";
    private static final int LONGEST_UNIT = 256;

    private final Settings settings;

    AppTerms(Settings settings) {
        this.settings = settings;
    }

    /// The header's consent, else the body's, else the configured one.
    Terms of(Exchange exchange, Optional<String> said) throws ApiFailure {
        String header = exchange.header(CONSENT);
        Optional<String> word = header == null ? said : Optional.of(header);
        return Terms.DEFAULT.with(consent(word)).within(left(exchange));
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
