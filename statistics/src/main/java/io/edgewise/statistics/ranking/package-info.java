// SPDX-License-Identifier: Apache-2.0
/// How much two rankings agree. Items are equal by `equals`; rankings are lists, best first. Needs
/// nothing but the Java library, and each definition is versioned, since devices compute these numbers
/// too.
///
/// Rankings that models make can repeat an item: every repeat is removed first, and what follows it moves
/// up. So equal rankings agree wholly, repeats or not.
@NullMarked
package io.edgewise.statistics.ranking;

import org.jspecify.annotations.NullMarked;
