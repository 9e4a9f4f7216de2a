// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.edgewise.contracts.Names;
import java.io.IOException;
import java.util.Optional;

/// Reads who a record is from its first bytes, for records that are too large or too damaged to be read whole. Both
/// messages begin with the same four fields: tenant, sender, epoch, seq.
final class IdentityPrefix {
    private static final int LONGEST = 1024;

    private IdentityPrefix() {}

    static Optional<Identity> of(ByteString value) {
        CodedInputStream in =
                value.substring(0, Math.min(LONGEST, value.size())).newCodedInput();
        String tenant = "";
        String sender = "";
        long epoch = 0;
        long seq = 0;
        try {
            for (int tag = in.readTag(); tag != 0 && seq == 0; tag = seq == 0 ? in.readTag() : 0) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 1 -> tenant = in.readStringRequireUtf8();
                    case 2 -> sender = in.readStringRequireUtf8();
                    case 3 -> epoch = in.readFixed64();
                    case 4 -> seq = in.readUInt64();
                    default -> {
                        return Optional.empty();
                    }
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return of(tenant, sender, epoch, seq);
    }

    /// Empty unless all four can be relied on.
    static Optional<Identity> of(String tenant, String sender, long epoch, long seq) {
        return Names.isValid(tenant) && Names.isValid(sender) && epoch != 0 && seq > 0
                ? Optional.of(new Identity(tenant, sender, epoch, seq))
                : Optional.empty();
    }
}
