// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.edgewise.console;

import org.jspecify.annotations.NullMarked;
