// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.edgewise.agent.app.shell;

import org.jspecify.annotations.NullMarked;
