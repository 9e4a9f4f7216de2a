// SPDX-License-Identifier: Apache-2.0
/// The agent's settings: a file in YAML and the environment over it, checked as a whole before anything starts.
@NullMarked
package io.edgewise.agent.app.config;

import org.jspecify.annotations.NullMarked;
