// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.orders;

import io.edgewise.contracts.v1.Signed;

/// A message with the signed bytes that it was read from.
public record Order<T>(Signed signed, T content) {}
