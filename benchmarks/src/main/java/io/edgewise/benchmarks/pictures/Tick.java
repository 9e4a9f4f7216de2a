// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.pictures;

record Tick(double at, String text) {}
