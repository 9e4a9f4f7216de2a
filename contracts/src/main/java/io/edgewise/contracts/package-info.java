// SPDX-License-Identifier: Apache-2.0
/// The words of the domain and the messages that cross a wire. Knows nothing of any other room.
@NullMarked
package io.edgewise.contracts;

import org.jspecify.annotations.NullMarked;
