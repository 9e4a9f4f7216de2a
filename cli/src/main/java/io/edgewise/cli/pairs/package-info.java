// SPDX-License-Identifier: Apache-2.0
/// Logged pairs of answers: what is counted, and whether the build is good enough.
@NullMarked
package io.edgewise.cli.pairs;

import org.jspecify.annotations.NullMarked;
