// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.util.Map;

/// An answer in the bytes of the API that it came from, for the app that speaks the same. `headers` are
/// those that its client acts on, such as `retry-after`, in lower case.
@SuppressWarnings("ArrayRecordComponent")
public record Reply(int status, String contentType, byte[] body, Map<String, String> headers) {
    public Reply {
        headers = Map.copyOf(headers);
    }

    public Reply(int status, String contentType, byte[] body) {
        this(status, contentType, body, Map.of());
    }

    Reply saying(byte[] other) {
        return new Reply(status, contentType, other, headers);
    }
}
