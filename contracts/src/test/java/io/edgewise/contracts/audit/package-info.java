// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.edgewise.contracts.audit;

import org.jspecify.annotations.NullMarked;
