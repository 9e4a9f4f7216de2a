// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.io.IOException;
import java.util.Map;

/// One request's relay: tells the app who answers before the first bytes, and remembers that there were some.
final class Heard {
    private final Relay relay;
    private boolean begun;

    Heard(Relay relay) {
        this.relay = relay;
    }

    boolean begun() {
        return begun;
    }

    /// The relay for one arm.
    Relay by(Relay.Served arm) {
        return new Relay() {
            @Override
            public void told(Map<String, String> headers) {
                relay.told(headers);
            }

            @Override
            public void begin(Served by) throws IOException {
                begun = true;
                relay.begin(arm);
            }

            @Override
            public void write(byte[] bytes) throws IOException {
                if (!begun) {
                    begin(arm);
                }
                relay.write(bytes);
            }
        };
    }
}
