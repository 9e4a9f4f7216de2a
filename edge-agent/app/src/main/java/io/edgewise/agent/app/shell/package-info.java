// SPDX-License-Identifier: Apache-2.0
/// The sidecar as a process: its HTTP front, its parts put together, its commands.
@NullMarked
package io.edgewise.agent.app.shell;

import org.jspecify.annotations.NullMarked;
