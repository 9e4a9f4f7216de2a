// SPDX-License-Identifier: Apache-2.0
/// What may leave the device, and in which form.
@NullMarked
package io.edgewise.agent.privacy;

import org.jspecify.annotations.NullMarked;
