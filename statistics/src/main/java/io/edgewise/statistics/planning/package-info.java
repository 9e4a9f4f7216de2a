// SPDX-License-Identifier: Apache-2.0
/// How many observations or devices a gate needs, before a rollout begins.
@NullMarked
package io.edgewise.statistics.planning;

import org.jspecify.annotations.NullMarked;
