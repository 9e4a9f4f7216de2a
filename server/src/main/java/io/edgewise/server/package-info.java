// SPDX-License-Identifier: Apache-2.0
/// The assembly: which roles run in this process, what they are given, and who may come in.
@NullMarked
package io.edgewise.server;

import org.jspecify.annotations.NullMarked;
