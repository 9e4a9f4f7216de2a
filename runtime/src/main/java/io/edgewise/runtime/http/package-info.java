// SPDX-License-Identifier: Apache-2.0
/// Requests to other people's servers: where they may go, and one that goes nowhere else.
@NullMarked
package io.edgewise.runtime.http;

import org.jspecify.annotations.NullMarked;
