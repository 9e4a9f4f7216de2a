// SPDX-License-Identifier: Apache-2.0
/// What REST resources of every role answer when something is wrong.
@NullMarked
package io.edgewise.runtime.rest;

import org.jspecify.annotations.NullMarked;
