// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.edgewise.console.shell;

import org.jspecify.annotations.NullMarked;
