// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.edgewise.demo.shell.frontier;

import org.jspecify.annotations.NullMarked;
