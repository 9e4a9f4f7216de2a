// SPDX-License-Identifier: Apache-2.0
/// The one mergeable accumulator that windows, evidence and evidence blocks are made of.
@NullMarked
package io.edgewise.contracts.tally;

import org.jspecify.annotations.NullMarked;
