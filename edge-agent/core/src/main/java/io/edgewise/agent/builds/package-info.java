// SPDX-License-Identifier: Apache-2.0
/// How a build comes to a device: chosen, fetched, checked, tried out, kept.
@NullMarked
package io.edgewise.agent.builds;

import org.jspecify.annotations.NullMarked;
