// SPDX-License-Identifier: Apache-2.0
/// A frontier on localhost: a real model behind the two wire formats that agents speak, over a simulated network.
@NullMarked
package io.edgewise.demo.shell.frontier;

import org.jspecify.annotations.NullMarked;
