// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

/// An estimate with its confidence interval.
public record Interval(double estimate, double low, double high, long observations) {}
