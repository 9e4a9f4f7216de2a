// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.edgewise.embedded;

import org.jspecify.annotations.NullMarked;
