// SPDX-License-Identifier: Apache-2.0
/// The rollout: its plan, its evidence, its verdicts and the pure function that decides. No I/O and no clock.
@NullMarked
package io.edgewise.controller;

import org.jspecify.annotations.NullMarked;
