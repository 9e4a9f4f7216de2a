// SPDX-License-Identifier: Apache-2.0
/// Store and forward on the device's disk.
@NullMarked
package io.edgewise.agent.spool;

import org.jspecify.annotations.NullMarked;
