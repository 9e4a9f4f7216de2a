// SPDX-License-Identifier: Apache-2.0
/// Many tests at once: adjusted p-values, and decisions on e-values.
@NullMarked
package io.edgewise.statistics.multiple;

import org.jspecify.annotations.NullMarked;
