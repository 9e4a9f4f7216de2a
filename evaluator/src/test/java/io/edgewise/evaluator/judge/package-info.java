// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.edgewise.evaluator.judge;

import org.jspecify.annotations.NullMarked;
