// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.edgewise.architecture;

import org.jspecify.annotations.NullMarked;
