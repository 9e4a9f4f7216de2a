// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.pictures;

/// A place on the canvas, or a pair of data values.
record Point(double x, double y) {}
