// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.v1.DeadLetter;
import org.jspecify.annotations.Nullable;

/// A refused record on its way to the dead letters, under its original key.
public record Rejected(@Nullable ByteString key, DeadLetter letter) {}
