// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

/// Hears of what the server should know at once: the event, a stable word, and what it was about, in words.
@FunctionalInterface
public interface Events {
    void tell(String event, String detail);
}
