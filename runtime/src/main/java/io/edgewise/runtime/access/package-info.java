// SPDX-License-Identifier: Apache-2.0
/// Who calls, and what a call needs.
@NullMarked
package io.edgewise.runtime.access;

import org.jspecify.annotations.NullMarked;
