// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.edgewise.cli.columns;

import org.jspecify.annotations.NullMarked;
