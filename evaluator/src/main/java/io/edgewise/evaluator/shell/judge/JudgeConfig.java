// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `edgewise.judge.*`. Without a `url` no judge model is asked.
@ConfigMapping(prefix = "edgewise.judge")
public interface JudgeConfig {
    /// The tenant whose disagreements are judged, shown and exported.
    @WithDefault("default")
    String tenant();

    /// Of an OpenAI-compatible server, without /chat/completions: https://host/v1.
    Optional<URI> url();

    /// Sent as bearer token.
    Optional<String> key();

    Optional<String> model();

    /// Workloads whose disagreements are judged; without it, all.
    Optional<List<String>> workloads();

    /// Networks outside the public internet that may be reached, as CIDR.
    Optional<List<String>> networks();

    /// Allow http to this machine.
    @WithDefault("false")
    boolean httpLoopback();

    /// For one question, after the name is resolved.
    @WithDefault("PT30S")
    Duration timeout();

    /// Questions a minute; a disagreement takes two.
    @WithDefault("60")
    int perMinute();

    /// The longest answer that is asked for.
    @WithDefault("200")
    int maxTokens();

    /// Disagreements older than this are no longer asked about.
    @WithDefault("P1D")
    Duration lookBack();

    /// The most that one workload may cost on a UTC day, in the card's currency.
    @WithDefault("1")
    BigDecimal dailyCap();

    Price price();

    /// By workload; without one the default prompt.
    Map<String, Told> prompts();

    /// `edgewise.judge.price.*`
    interface Price {
        /// Of a million tokens of the question; 0 for a judge that costs nothing. Required with a `url`.
        Optional<BigDecimal> inputPerMillion();

        /// Of a million tokens of the answer.
        Optional<BigDecimal> outputPerMillion();

        @WithDefault("USD")
        String currency();

        /// The version of this price card.
        @WithDefault("1")
        String card();
    }

    /// `edgewise.judge.prompts.<workload>.*`
    interface Told {
        String version();

        String text();
    }
}
