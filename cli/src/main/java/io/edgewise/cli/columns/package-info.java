// SPDX-License-Identifier: Apache-2.0
/// Columns of two files: what is counted of each, and what has moved.
@NullMarked
package io.edgewise.cli.columns;

import org.jspecify.annotations.NullMarked;
