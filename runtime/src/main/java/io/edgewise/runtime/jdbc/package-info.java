// SPDX-License-Identifier: Apache-2.0
/// A thin layer over JDBC: transactions, text-block SQL, row-count checks.
@NullMarked
package io.edgewise.runtime.jdbc;

import org.jspecify.annotations.NullMarked;
