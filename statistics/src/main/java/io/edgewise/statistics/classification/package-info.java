// SPDX-License-Identifier: Apache-2.0
/// How well labels agree, scores rank and distributions spread.
@NullMarked
package io.edgewise.statistics.classification;

import org.jspecify.annotations.NullMarked;
