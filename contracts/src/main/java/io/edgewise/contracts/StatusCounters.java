// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

/// Of the counters of an agent's status, those that the server decides by. They count since the agent started, so that
/// a status that was lost takes nothing with it: the next one says the same.
public final class StatusCounters {
    /// How often the breaker of a challenger opened.
    public static final String BREAKER_OPENED = "event:breaker-open";

    /// How often a challenger was found to have taken the process down before it started.
    public static final String CHALLENGER_CRASHED = "event:challenger-crash";

    private StatusCounters() {}
}
