// SPDX-License-Identifier: Apache-2.0
/// Everything is killed, stopped and cut at random while a fleet sends; in the end every observation was counted once.
@NullMarked
package io.edgewise.benchmarks.torture;

import org.jspecify.annotations.NullMarked;
