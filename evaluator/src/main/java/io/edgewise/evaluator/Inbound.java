// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/// A record as Kafka handed it over. `schema` is its header of that name; `key` and `value` are null where it has none.
public record Inbound(
        long offset,
        long appendTimeMs,
        @Nullable ByteString key,
        @Nullable String schema,
        @Nullable ByteString value) {}
