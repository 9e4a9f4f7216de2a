// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import com.google.protobuf.ByteString;
import java.util.List;

/// A record that will never be counted, and why. Final: resending it changes nothing.
public record Rejection(long epoch, long seq, List<String> reasons, ByteString record) {
    public Rejection {
        reasons = List.copyOf(reasons);
    }
}
