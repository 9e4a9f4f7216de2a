// SPDX-License-Identifier: Apache-2.0
/// Asks a judge model and people who was right, sends what they say to be counted, and exports it.
@NullMarked
package io.edgewise.evaluator.shell.judge;

import org.jspecify.annotations.NullMarked;
