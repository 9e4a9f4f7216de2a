// SPDX-License-Identifier: Apache-2.0
/// Reference numbers that other libraries computed.
@NullMarked
package io.edgewise.statistics.reference;

import org.jspecify.annotations.NullMarked;
