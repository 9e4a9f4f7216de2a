// SPDX-License-Identifier: Apache-2.0
/// Tests and intervals that stay valid however often one looks.
@NullMarked
package io.edgewise.statistics.sequential;

import org.jspecify.annotations.NullMarked;
