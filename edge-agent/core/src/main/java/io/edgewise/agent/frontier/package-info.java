// SPDX-License-Identifier: Apache-2.0
/// Clients of large models behind an API.
@NullMarked
package io.edgewise.agent.frontier;

import org.jspecify.annotations.NullMarked;
