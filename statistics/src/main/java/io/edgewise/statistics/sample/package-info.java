// SPDX-License-Identifier: Apache-2.0
/// Exact figures of whole samples: quantiles, moments, and two-sample tests of location.
@NullMarked
package io.edgewise.statistics.sample;

import org.jspecify.annotations.NullMarked;
