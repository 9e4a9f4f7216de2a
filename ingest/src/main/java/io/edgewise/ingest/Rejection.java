// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.Fault;
import java.util.List;

/// A record that will never be counted, and why. Final: resending it changes nothing.
public record Rejection(long epoch, long seq, List<Fault> faults, ByteString record) {
    /// More of them help nobody, and an answer stays short.
    private static final int MOST_DETAILS = 8;

    public Rejection {
        faults = List.copyOf(faults);
    }

    /// For programs: "range:arms[0].confidence".
    public List<String> reasons() {
        return faults.stream().map(Fault::reason).toList();
    }

    /// For whoever wrote the device's program, what was expected: "arms[0].confidence: must lie in [0, 1], not 2.0".
    public List<String> details() {
        return faults.stream().limit(MOST_DETAILS).map(Rejection::detail).toList();
    }

    private static String detail(Fault fault) {
        boolean saysWhere = fault.field().isEmpty() || fault.message().startsWith(fault.field());
        return saysWhere ? fault.message() : fault.field() + ": " + fault.message();
    }
}
