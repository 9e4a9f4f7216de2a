// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.edgewise.benchmarks.torture;

import org.jspecify.annotations.NullMarked;
