// SPDX-License-Identifier: Apache-2.0
/// What the demo decides and how it looks: options, laws of the simulated traffic, the plan, the picture. No I/O.
@NullMarked
package io.edgewise.demo;

import org.jspecify.annotations.NullMarked;
