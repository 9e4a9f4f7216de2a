// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.edgewise.benchmarks.agent;

import org.jspecify.annotations.NullMarked;
