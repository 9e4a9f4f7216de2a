// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.EdgeAgent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tells the server what happens. What happens before the agent is open is told when there is somebody to tell it.
final class Teller {
    private final List<Told> early = new ArrayList<>();
    private @Nullable EdgeAgent agent;

    private record Told(String event, String detail) {}

    synchronized void tell(String event, String detail) {
        if (agent == null) {
            early.add(new Told(event, detail));
        } else {
            agent.tell(event, detail);
        }
    }

    /// From now on this agent tells.
    synchronized void serve(EdgeAgent open) {
        agent = open;
        early.forEach(told -> open.tell(told.event(), told.detail()));
        early.clear();
    }
}
