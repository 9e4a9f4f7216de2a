// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.Names;
import io.edgewise.contracts.StatusCounters;
import io.edgewise.contracts.Ulid;
import io.edgewise.contracts.v1.AgentStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a device said of a rollout, as far as it counts here.
///
/// @param build the challenger that it obeys now; empty where there is none
/// @param crashes of its challenger, and `opened` breakers, since the agent started
/// @param closed it said goodbye
record DeviceReport(
        Key key,
        long revision,
        String mode,
        String fallback,
        String build,
        long crashes,
        long opened,
        boolean closed,
        Instant heard) {
    private static final List<String> MODES = List.of("champion-only", "shadow", "canary", "approved");
    private static final String GOODBYE = "closed";
    private static final int LONGEST = 200;

    /// One device in one rollout.
    record Key(String tenant, String workload, String rollout, String device) {}

    /// Empty for a device that obeys no rollout, and for what no agent of ours would say.
    static Optional<DeviceReport> of(AgentStatus status, Instant heard) {
        boolean named = Names.isValid(status.getTenant())
                && Names.isValid(status.getWorkload())
                && Names.isValid(status.getDevice())
                && Ulid.isValid(status.getRollout());
        return named
                ? Optional.of(new DeviceReport(
                        new Key(status.getTenant(), status.getWorkload(), status.getRollout(), status.getDevice()),
                        Math.max(0, status.getRevisionObeyed()),
                        MODES.contains(status.getMode()) ? status.getMode() : "none",
                        words(status.getFallback()),
                        Names.isValid(status.getBuild()) ? status.getBuild() : "",
                        count(status, StatusCounters.CHALLENGER_CRASHED),
                        count(status, StatusCounters.BREAKER_OPENED),
                        status.getEvent().equals(GOODBYE),
                        heard))
                : Optional.empty();
    }

    private static long count(AgentStatus status, String counter) {
        return Math.max(0, status.getCountersOrDefault(counter, 0));
    }

    private static String words(String text) {
        String plain = text.replaceAll("\\p{Cntrl}", " ");
        return plain.substring(0, Math.min(LONGEST, plain.length()));
    }

    /// Whether the agent began to count anew after it had said that.
    boolean startsOver(DeviceReport before) {
        return crashes < before.crashes || opened < before.opened;
    }

    /// Whether it says the same but for the time.
    boolean repeats(DeviceReport before) {
        return withHeard(before.heard).equals(before);
    }

    private DeviceReport withHeard(Instant at) {
        return new DeviceReport(key, revision, mode, fallback, build, crashes, opened, closed, at);
    }
}
