// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import io.edgewise.contracts.Names;
import io.edgewise.evaluator.judge.PriceCard;
import io.edgewise.evaluator.judge.Prompt;
import io.edgewise.runtime.http.Door;
import io.edgewise.runtime.http.Target;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the judge worker was told, checked.
///
/// @param key empty where the server wants none
/// @param workloads empty for all
record JudgeSettings(
        String tenant,
        Set<String> workloads,
        Target target,
        String key,
        String model,
        Limits limits,
        PriceCard price,
        Map<String, Prompt> prompts) {
    private static final String KEYS = "edgewise.judge";

    /// @param dailyCap nano-units, of one workload
    record Limits(Duration timeout, int perMinute, int maxTokens, Duration lookBack, long dailyCap) {
        Limits {
            if (timeout.toMillis() < 100 || timeout.compareTo(Duration.ofMinutes(5)) > 0) {
                throw wrong("timeout", timeout, "it must lie in 100 ms to 5 minutes");
            }
            if (perMinute < 1 || perMinute > 60_000) {
                throw wrong("per-minute", perMinute, "it must lie in 1 to 60000");
            }
            if (maxTokens < 10 || maxTokens > 100_000) {
                throw wrong("max-tokens", maxTokens, "it must lie in 10 to 100000");
            }
            if (lookBack.compareTo(Duration.ofMinutes(5)) < 0 || lookBack.compareTo(Duration.ofDays(365)) > 0) {
                throw wrong("look-back", lookBack, "it must lie in 5 minutes to a year");
            }
            if (dailyCap < 0) {
                throw wrong("daily-cap", dailyCap, "it must not be negative");
            }
        }
    }

    JudgeSettings {
        workloads = Set.copyOf(workloads);
        prompts = Map.copyOf(prompts);
    }

    Prompt prompt(String workload) {
        return prompts.getOrDefault(workload, Prompt.DEFAULT);
    }

    /// Empty when no judge is configured. Throws where one is that cannot be asked, or that would have nothing to see.
    static Optional<JudgeSettings> of(JudgeConfig config, boolean keepText) {
        if (config.url().isEmpty()) {
            return Optional.empty();
        }
        if (!keepText) {
            throw new IllegalArgumentException(KEYS + ".url is set, but edgewise.evaluator.keep-text is false: no texts"
                    + " are stored that a judge could look at; read docs/judge.md and set both or neither");
        }
        String key = config.key().orElse("");
        if (key.chars().anyMatch(c -> c <= ' ' || c >= 0x7f)) {
            throw new IllegalArgumentException(KEYS + ".key holds a character that no bearer token has");
        }
        Map<String, Prompt> prompts = new HashMap<>();
        config.prompts()
                .forEach((workload, told) -> prompts.put(
                        Names.require(KEYS + ".prompts", workload), new Prompt(told.version(), told.text())));
        return Optional.of(new JudgeSettings(
                Names.require(KEYS + ".tenant", config.tenant()),
                Set.copyOf(config.workloads().orElse(List.of())),
                target(config, config.url().get()),
                key,
                required(config.model(), "model"),
                new Limits(
                        config.timeout(),
                        config.perMinute(),
                        config.maxTokens(),
                        config.lookBack(),
                        nanos(config.dailyCap(), "daily-cap")),
                new PriceCard(
                        config.price().card(),
                        config.price().currency(),
                        nanos(required(config.price().inputPerMillion(), "price.input-per-million"), "price"),
                        nanos(required(config.price().outputPerMillion(), "price.output-per-million"), "price")),
                prompts));
    }

    private static Target target(JudgeConfig config, URI url) {
        String base = url.toString().replaceFirst("/+$", "");
        String host = url.getHost() == null ? "" : url.getHost();
        try {
            return new Target(
                    URI.create(base + "/chat/completions"),
                    new Door(KEYS, List.of(host), config.networks().orElse(List.of()), config.httpLoopback()));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(KEYS + ".url: " + e.getMessage(), e);
        }
    }

    private static <T> T required(Optional<T> value, String key) {
        return value.orElseThrow(() -> new IllegalArgumentException(
                KEYS + ".url is set, so " + KEYS + "." + key + " must be set too (a price of 0 is one)"));
    }

    private static long nanos(BigDecimal amount, String key) {
        try {
            return PriceCard.nanos(amount);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(KEYS + "." + key + " is " + amount + ", which is too much", e);
        }
    }

    private static IllegalArgumentException wrong(String key, Object value, String what) {
        return new IllegalArgumentException(KEYS + "." + key + " is " + value + "; " + what);
    }

    /// Without the key.
    @Override
    public String toString() {
        return model + " at " + target.url();
    }
}
