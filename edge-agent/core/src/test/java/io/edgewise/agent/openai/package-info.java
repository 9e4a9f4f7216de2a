// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.edgewise.agent.openai;

import org.jspecify.annotations.NullMarked;
