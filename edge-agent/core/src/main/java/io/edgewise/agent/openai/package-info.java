// SPDX-License-Identifier: Apache-2.0
/// The OpenAI API as a client: one exchange, streamed or not, with what its answer says; and local servers that speak
/// it.
@NullMarked
package io.edgewise.agent.openai;

import org.jspecify.annotations.NullMarked;
