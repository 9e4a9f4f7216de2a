// SPDX-License-Identifier: Apache-2.0
/// The log of decisions and acts, and how anybody checks it: on the server, or on a file far away from it.
@NullMarked
package io.edgewise.contracts.audit;

import org.jspecify.annotations.NullMarked;
