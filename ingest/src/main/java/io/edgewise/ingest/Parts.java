// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.util.Collection;

/// How many elements a record holds in its repeated fields and in fields that this version does not know,
/// at any depth. Each takes two or three bytes on the wire and fifty times as much in memory, so that bytes
/// alone bound nothing.
public final class Parts {
    /// More than any record without a fault has: eight arms of 64 candidates, or a thousand ranges.
    public static final int MOST = 2_000;

    private Parts() {}

    public static long of(Message record) {
        long parts = of(record.getUnknownFields());
        for (Object value : record.getAllFields().values()) {
            switch (value) {
                case Collection<?> many -> {
                    parts += many.size();
                    for (Object each : many) {
                        parts += each instanceof Message inner ? of(inner) : 0;
                    }
                }
                case Message inner -> parts += of(inner);
                default -> {}
            }
        }
        return parts;
    }

    private static long of(UnknownFieldSet unknown) {
        long parts = 0;
        for (UnknownFieldSet.Field field : unknown.asMap().values()) {
            parts += field.getVarintList().size()
                    + (long) field.getFixed32List().size()
                    + field.getFixed64List().size()
                    + field.getLengthDelimitedList().size();
            for (UnknownFieldSet group : field.getGroupList()) {
                parts += 1 + of(group);
            }
        }
        return parts;
    }
}
