// SPDX-License-Identifier: Apache-2.0
/// A baseline's bins and the population stability index on them.
@NullMarked
package io.edgewise.statistics.drift;

import org.jspecify.annotations.NullMarked;
