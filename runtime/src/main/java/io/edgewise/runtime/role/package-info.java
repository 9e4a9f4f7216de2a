// SPDX-License-Identifier: Apache-2.0
/// What runs in this process.
@NullMarked
package io.edgewise.runtime.role;

import org.jspecify.annotations.NullMarked;
