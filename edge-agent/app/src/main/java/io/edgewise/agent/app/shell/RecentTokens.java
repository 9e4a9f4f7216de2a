// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// The feedback tokens of the latest answers by their observation ids, for whoever kept only the id. They are copied
/// into
/// arrays that stay: as objects that live for seconds they were most of what each collection had to copy.
final class RecentTokens {
    static final int MOST = 4_096;
    /// Of an observation's id, in hexadecimal digits.
    private static final int ID = 32;
    /// 512 bytes in base64url.
    private static final int LONGEST = 683;

    private final byte[] ids = new byte[MOST * ID];
    private final byte[] tokens = new byte[MOST * LONGEST];
    private final int[] lengths = new int[MOST];
    private int next;

    synchronized void remember(String observation, String token) {
        byte[] id = observation.getBytes(StandardCharsets.ISO_8859_1);
        byte[] text = token.getBytes(StandardCharsets.ISO_8859_1);
        if (id.length != ID || text.length > LONGEST) {
            return;
        }
        System.arraycopy(id, 0, ids, next * ID, ID);
        System.arraycopy(text, 0, tokens, next * LONGEST, text.length);
        lengths[next] = text.length;
        next = (next + 1) % MOST;
    }

    synchronized Optional<String> of(String observation) {
        byte[] id = observation.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < MOST && id.length == ID; i++) {
            if (Arrays.equals(ids, i * ID, (i + 1) * ID, id, 0, ID) && lengths[i] > 0) {
                return Optional.of(new String(tokens, i * LONGEST, lengths[i], StandardCharsets.ISO_8859_1));
            }
        }
        return Optional.empty();
    }
}
