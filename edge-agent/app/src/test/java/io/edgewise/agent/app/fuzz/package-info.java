// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.edgewise.agent.app.fuzz;

import org.jspecify.annotations.NullMarked;
