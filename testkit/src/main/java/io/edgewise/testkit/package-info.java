// SPDX-License-Identifier: Apache-2.0
/// What tests of every room stand on: a real broker and a real PostgreSQL, seeded cases, a clock that is set by hand.
@NullMarked
package io.edgewise.testkit;

import org.jspecify.annotations.NullMarked;
