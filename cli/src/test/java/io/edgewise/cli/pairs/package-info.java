// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.edgewise.cli.pairs;

import org.jspecify.annotations.NullMarked;
