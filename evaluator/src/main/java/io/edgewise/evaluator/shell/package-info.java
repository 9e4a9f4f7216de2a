// SPDX-License-Identifier: Apache-2.0
/// Kafka in, PostgreSQL out: the loop, the fenced transaction that holds offsets and counts together, and the role.
@NullMarked
package io.edgewise.evaluator.shell;

import org.jspecify.annotations.NullMarked;
