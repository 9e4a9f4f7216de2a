// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.edgewise.demo.shell;

import org.jspecify.annotations.NullMarked;
