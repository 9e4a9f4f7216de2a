// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.edgewise.cli.table;

import org.jspecify.annotations.NullMarked;
