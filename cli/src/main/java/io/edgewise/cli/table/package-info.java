// SPDX-License-Identifier: Apache-2.0
/// Rows of CSV, TSV and JSON lines, straight from bytes, in constant memory.
@NullMarked
package io.edgewise.cli.table;

import org.jspecify.annotations.NullMarked;
