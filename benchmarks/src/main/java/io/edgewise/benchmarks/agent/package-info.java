// SPDX-License-Identifier: Apache-2.0
/// What the agent costs the app that it serves.
@NullMarked
package io.edgewise.benchmarks.agent;

import org.jspecify.annotations.NullMarked;
