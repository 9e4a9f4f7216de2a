// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.v1.Observation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// What agents of other versions send: the bytes of `src/test/resources/agents`, which never change.
public final class AgentBytes {
    private AgentBytes() {}

    public static byte[] of(String name) throws IOException {
        try (InputStream in = AgentBytes.class.getResourceAsStream("/agents/" + name + ".hex")) {
            if (in == null) {
                throw new IOException("there is no agents/" + name + ".hex");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
        }
    }

    /// A request of such an agent, of another rollout and of now. What this program does not know of it stays in it.
    public static Observation request(String name, String rollout, long seq, long eventMs) throws IOException {
        return Observation.parseFrom(of(name)).toBuilder()
                .setRollout(rollout)
                .setSeq(seq)
                .setEventTimeMs(eventMs)
                .build();
    }
}
