// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.edgewise.controller;

import org.jspecify.annotations.NullMarked;
