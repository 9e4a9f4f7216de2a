// SPDX-License-Identifier: Apache-2.0
/// Tells the outside what was found: signed, in order, at least once, and only to whom it was allowed.
@NullMarked
package io.edgewise.drift.shell.webhook;

import org.jspecify.annotations.NullMarked;
