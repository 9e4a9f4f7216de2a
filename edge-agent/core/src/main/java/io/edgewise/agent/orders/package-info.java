// SPDX-License-Identifier: Apache-2.0
/// Which orders a device obeys, and what it remembers of them.
@NullMarked
package io.edgewise.agent.orders;

import org.jspecify.annotations.NullMarked;
