// SPDX-License-Identifier: Apache-2.0
/// Text to a fixed-size vector, the same bits in every language.
@NullMarked
package io.edgewise.agent.features;

import org.jspecify.annotations.NullMarked;
