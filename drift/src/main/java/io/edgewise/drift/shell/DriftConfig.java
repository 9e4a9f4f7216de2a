// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import io.edgewise.drift.DriftPolicy;
import io.edgewise.drift.Retraining;
import io.edgewise.drift.shell.webhook.Endpoint;
import io.edgewise.runtime.http.Door;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `edgewise.drift.*`
@ConfigMapping(prefix = "edgewise.drift")
public interface DriftConfig {
    int SIX_HOURS = 360;

    /// The tenant that the operator's token speaks for.
    @WithDefault("default")
    String tenant();

    /// How often closed windows are looked for.
    @WithDefault("1s")
    Duration every();

    /// Observations of a feature before its baseline is frozen.
    @WithDefault("1000")
    long minimumBaseline();

    /// Observations of a feature in a window before it is scored.
    @WithDefault("200")
    long minimumWindow();

    /// Minutes that are judged together at most where one holds too few observations.
    @WithDefault("60")
    int longestWindow();

    /// A finding ends when its slice had too few observations in so many minutes in which the rollout had traffic.
    /// Six hours, or twice the longest window.
    Optional<Duration> silentAfter();

    /// Slices of a rollout that have baselines of their own: those with most windows.
    @WithDefault("10")
    int slices();

    /// An index shown to be above this opens a finding.
    @WithDefault("0.1")
    double warn();

    /// One shown to be above this calls for action.
    @WithDefault("0.25")
    double act();

    /// Chance that a look calls a feature drifted that is within the limits, over all its features and slices.
    @WithDefault("0.001")
    double alpha();

    /// The least Kolmogorov-Smirnov D, or Cramér's V of categories, that opens a finding of severity warn.
    @WithDefault("0.1")
    double effect();

    /// The least change of the share of missing values, or of unseen categories, that does so.
    @WithDefault("0.05")
    double apart();

    /// Features that warn and never call for action.
    @WithDefault("latency")
    Optional<List<String>> warnOnly();

    /// Declared features whose numbers are codes of categories.
    Optional<List<String>> codes();

    /// How long scores and events are kept.
    @WithDefault("P30D")
    Duration keep();

    Due retraining();

    Webhook webhook();

    /// `edgewise.drift.retraining.*`
    interface Due {
        /// Days after its training date at which a build is due.
        @WithDefault("90")
        int afterDays();

        /// Fall of the accuracy on the reference holdout beyond which it is due.
        @WithDefault("0.05")
        double holdoutDrop();

        /// Answers of devices to a reference set that make a run of it.
        @WithDefault("200")
        long holdoutAnswers();

        /// Shortest time between two such runs.
        @WithDefault("P1D")
        Duration holdoutEvery();

        /// Shortest time between two triggers of one build by drift.
        @WithDefault("P1D")
        Duration again();
    }

    /// `edgewise.drift.webhook.*`
    interface Webhook {
        /// By name.
        Map<String, Target> endpoints();

        /// Hosts that endpoints may name.
        Optional<List<String>> hosts();

        /// Networks outside the public internet that may be reached, as CIDR.
        Optional<List<String>> networks();

        /// Allow http to this machine.
        @WithDefault("false")
        boolean httpLoopback();

        /// For one delivery, after the name is resolved.
        @WithDefault("10s")
        Duration timeout();

        /// After so long an event that cannot be delivered is given up.
        @WithDefault("P1D")
        Duration giveUpAfter();
    }

    /// `edgewise.drift.webhook.endpoints.<name>.*`
    interface Target {
        URI url();

        /// Signs what is sent.
        String secret();
    }

    default DriftPolicy policy() {
        return new DriftPolicy(
                minimumBaseline(),
                minimumWindow(),
                warn(),
                act(),
                alpha(),
                effect(),
                apart(),
                new HashSet<>(warnOnly().orElse(List.of())),
                new HashSet<>(codes().orElse(List.of())));
    }

    default DriftSettings settings() {
        return new DriftSettings(
                policy(),
                new Retraining(retraining().afterDays(), retraining().holdoutDrop()),
                every(),
                slices(),
                longestWindow(),
                silentAfter().orElseGet(() -> Duration.ofMinutes(Math.max(SIX_HOURS, 2L * longestWindow()))),
                new DriftSettings.Holdout(
                        retraining().holdoutAnswers(), retraining().holdoutEvery()),
                retraining().again(),
                keep(),
                webhook().endpoints().keySet().stream().sorted().toList());
    }

    default Door door() {
        return new Door(
                "edgewise.drift.webhook",
                webhook().hosts().orElse(List.of()),
                webhook().networks().orElse(List.of()),
                webhook().httpLoopback());
    }

    /// Checked; a bad one ends the start.
    default List<Endpoint> endpoints() {
        List<Endpoint> endpoints = new ArrayList<>();
        webhook()
                .endpoints()
                .forEach((name, target) -> endpoints.add(Endpoint.of(name, target.url(), target.secret(), door())));
        return endpoints;
    }
}
