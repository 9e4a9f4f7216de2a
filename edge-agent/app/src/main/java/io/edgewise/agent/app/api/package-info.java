// SPDX-License-Identifier: Apache-2.0
/// What apps say and hear, as bytes: the OpenAI API and the Open Inference Protocol. Pure.
@NullMarked
package io.edgewise.agent.app.api;

import org.jspecify.annotations.NullMarked;
