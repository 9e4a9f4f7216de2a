// SPDX-License-Identifier: Apache-2.0
/// Special functions that more than one package needs and that libraries compute with too few digits.
@NullMarked
package io.edgewise.statistics.special;

import org.jspecify.annotations.NullMarked;
