// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;

/// A record as Kafka handed it over. `schema` is its header of that name; key and value are null where it has none.
public final class Inbound {
    private final long offset;
    private final long appendTimeMs;
    private final byte @Nullable [] key;
    private final @Nullable String schema;
    private final byte @Nullable [] value;

    /// The arrays are not copied; nobody may change them.
    public Inbound(
            long offset, long appendTimeMs, byte @Nullable [] key, @Nullable String schema, byte @Nullable [] value) {
        this.offset = offset;
        this.appendTimeMs = appendTimeMs;
        this.key = key;
        this.schema = schema;
        this.value = value;
    }

    public long offset() {
        return offset;
    }

    public long appendTimeMs() {
        return appendTimeMs;
    }

    public @Nullable String schema() {
        return schema;
    }

    byte @Nullable [] keyBytes() {
        return key;
    }

    byte @Nullable [] valueBytes() {
        return value;
    }

    @Nullable
    ByteString key() {
        return key == null ? null : UnsafeByteOperations.unsafeWrap(key);
    }

    @Nullable
    ByteString value() {
        return value == null ? null : UnsafeByteOperations.unsafeWrap(value);
    }
}
