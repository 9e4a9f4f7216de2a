// SPDX-License-Identifier: Apache-2.0
/// Classifiers on ONNX Runtime.
@NullMarked
package io.edgewise.agent.onnx;

import org.jspecify.annotations.NullMarked;
