# SPDX-License-Identifier: Apache-2.0
"""Drift of eight columns between two CSV or Parquet files with pandas and SciPy, as one would write it.

    python files.py BASELINE CURRENT OUT

Per numeric column: PSI on the baseline's deciles, Kolmogorov-Smirnov, the Jensen-Shannon divergence on the same bins
and the Wasserstein distance. Per other column: PSI, chi-square and the Jensen-Shannon divergence on its categories.
"""
from __future__ import annotations

import json
import sys
import time

import numpy as np
import pandas as pd
from scipy import stats
from scipy.spatial.distance import jensenshannon


def psi(reference: np.ndarray, current: np.ndarray) -> float:
    """Jeffreys shares."""
    held = np.count_nonzero(reference + current)
    p = (reference + 0.5) / (reference.sum() + held / 2)
    q = (current + 0.5) / (current.sum() + held / 2)
    used = reference + current > 0
    return float(((p - q) * np.log(p / q))[used].sum())


def numeric(reference: pd.Series, current: pd.Series) -> dict:
    x, y = np.sort(reference.dropna().to_numpy(float)), current.dropna().to_numpy(float)
    ranks = np.ceil(np.arange(1, 10) * len(x) / 10).astype(int) - 1
    cuts = np.unique(x[ranks])
    before = np.bincount(np.searchsorted(cuts, x, side="left"), minlength=len(cuts) + 1)
    now = np.bincount(np.searchsorted(cuts, y, side="left"), minlength=len(cuts) + 1)
    ks = stats.ks_2samp(x, y, method="asymp")
    return {"psi": psi(before, now), "ks": float(ks.statistic), "p": float(ks.pvalue),
            "js": float(jensenshannon(before, now, base=2) ** 2), "wasserstein": float(stats.wasserstein_distance(x, y))}


def categorical(reference: pd.Series, current: pd.Series) -> dict:
    before, now = reference.value_counts().align(current.value_counts(), fill_value=0)
    table = np.array([before.to_numpy(), now.to_numpy()])
    test = stats.chi2_contingency(table, correction=False)
    return {"psi": psi(table[0], table[1]), "chi2": float(test.statistic), "p": float(test.pvalue),
            "js": float(jensenshannon(table[0], table[1], base=2) ** 2)}


def main(baseline: str, current: str, out: str) -> None:
    began = time.perf_counter()
    read_table = pd.read_parquet if baseline.endswith(".parquet") else pd.read_csv
    reference, now = read_table(baseline), read_table(current)
    read = time.perf_counter()
    columns = {}
    for name in reference.columns:
        kind = numeric if pd.api.types.is_numeric_dtype(reference[name]) else categorical
        columns[name] = kind(reference[name], now[name])
    done = time.perf_counter()
    with open(out, "w", encoding="utf-8") as file:
        json.dump({"columns": columns, "python": {"readSeconds": read - began, "countSeconds": done - read}}, file)


if __name__ == "__main__":
    main(*sys.argv[1:4])
