// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.edgewise.evaluator.shell;

import org.jspecify.annotations.NullMarked;
