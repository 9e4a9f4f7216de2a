# SPDX-License-Identifier: Apache-2.0
"""The evaluator's figures as one would compute them with pandas, scikit-learn and SciPy.

Usage: evaluate.py <observations as JSON lines> <file for the figures>

Only the fields that are needed are kept of each line, one column each: reading all of them (pandas.read_json,
json_normalize) takes a multiple of time and memory.
"""
import json
import sys
import time

import numpy as np
import pandas as pd
import scipy
import sklearn
from scipy.special import rel_entr
from scipy.stats import ncx2
from sklearn.metrics import cohen_kappa_score

PERCENTILES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99, "p99.9": 0.999}
ECE_BINS = 15
PSI_BINS = 16
PSI_WARN = 0.1
BLOCK = 20
ROLES = {"ROLE_CHAMPION": 1, "ROLE_CHALLENGER": 2}


def row(line):
    seen = json.loads(line)
    flat = {
        "device": seen["device"],
        "epoch": seen["spoolEpoch"],
        "seq": int(seen["seq"]),
        "minute": int(seen["eventTimeMs"]) // 60_000,
        "latency.user": int(seen["servedLatencyUs"]),
        "cost.user": int(seen["servedCost"]["nanos"]),
        "agrees": seen.get("comparison", {}).get("agrees", False),
        "slice:device_class": seen["context"]["deviceClass"],
    }
    for name, value in seen.get("slices", {}).items():
        flat["slice:" + name] = value
    for arm in seen["arms"]:
        role = ROLES[arm["role"]]
        flat[f"failed.{role}"] = "errorCode" in arm
        flat[f"refused.{role}"] = arm["refusal"] == "REFUSAL_REFUSED"
        flat[f"latency.arm.{role}"] = int(arm["latencyUs"])
        flat[f"cost.arm.{role}"] = int(arm["cost"]["nanos"])
        flat[f"label.{role}"] = arm["label"]
        flat[f"tokens.{role}"] = int(arm.get("tokensOut", 0))
        if role == 2:
            flat["confidence"] = arm["confidence"]
            flat["entropy"] = arm.get("entropy", 0.0)
    return flat


def read(path):
    with open(path, encoding="utf-8") as lines:
        return pd.DataFrame([row(line) for line in lines])


def percentiles(name, values, figures):
    for percentile, q in PERCENTILES.items():
        if len(values) >= 20 and len(values) * (1 - q) >= 1 - 1e-9:
            figures[f"{percentile} {name}"] = float(np.quantile(values, q, method="inverted_cdf"))


def ece(confidence, correct):
    bins = np.digitize(confidence, np.arange(1, ECE_BINS) / ECE_BINS, right=True)
    apart = np.bincount(bins, weights=confidence - correct, minlength=ECE_BINS)
    return float(np.abs(apart).sum() / len(confidence))


def drift(reference, current, figures):
    edges = np.linspace(0, 1, PSI_BINS + 1)
    old = np.histogram(reference, edges)[0]
    new = np.histogram(current, edges)[0]
    held = (old + new) > 0
    p = (old[held] + 0.5) / (old.sum() + held.sum() / 2)
    q = (new[held] + 0.5) / (new.sum() + held.sum() / 2)
    scale = 1 / old.sum() + 1 / new.sum()
    psi = float((rel_entr(p, q) + rel_entr(q, p)).sum())
    figures["confidence.psi"] = psi
    figures["confidence.psi.above"] = float(ncx2.sf(psi / scale, held.sum() - 1, PSI_WARN / scale))


def of_slice(seen, everything):
    figures = {
        "requests": len(seen),
        "challenger.errors": float(seen["failed.2"].mean()),
        "challenger.refusals": float(seen["refused.2"].mean()),
        "cost.user": float(seen["cost.user"].mean()),
        "champion.tokensPerSecond": float(seen["tokens.1"].sum() * 1e6 / seen["latency.arm.1"].sum()),
        "agreement": float(seen["agrees"].mean()),
        "kappa": float(cohen_kappa_score(seen["label.1"], seen["label.2"])),
        "agreementEce": ece(seen["confidence"].to_numpy(), seen["agrees"].to_numpy()),
    }
    for role in (1, 2):
        figures[f"cost.arm.{role}"] = float(seen[f"cost.arm.{role}"].mean())
        percentiles(f"latency.arm.{role}", seen[f"latency.arm.{role}"].to_numpy(), figures)
    percentiles("latency.user", seen["latency.user"].to_numpy(), figures)
    percentiles("entropy", seen["entropy"].to_numpy(), figures)
    drift(everything["confidence"], seen["confidence"], figures)
    return figures


def of_window(seen):
    figures = {"requests": len(seen), "agreement": float(seen["agrees"].mean())}
    percentiles("latency.user", seen["latency.user"].to_numpy(), figures)
    return figures


def blocks(seen, figures):
    firsts = seen.sort_values("seq", kind="stable").groupby("device").head(BLOCK)
    each = firsts.groupby("device")["agrees"].agg(["size", "sum"])
    closed = each[each["size"] == BLOCK]
    figures["devices"] = int(seen["device"].nunique())
    figures["blocks"] = len(closed)
    figures["blocks.disagreements"] = int((closed["size"] - closed["sum"]).sum())


def evaluate(seen):
    seen = seen.drop_duplicates(["device", "epoch", "seq"])
    # Comparing numbers instead of texts: without this, kappa alone takes most of the time.
    codes, _ = pd.factorize(pd.concat([seen["label.1"], seen["label.2"]]))
    seen = seen.assign(**{"label.1": codes[: len(seen)], "label.2": codes[len(seen) :]})
    slices = {"all": of_slice(seen, seen)}
    blocks(seen, slices["all"])
    windows = {f"{minute} all": of_window(part) for minute, part in seen.groupby("minute")}
    for column in [name for name in seen.columns if name.startswith("slice:")]:
        attribute = column.removeprefix("slice:")
        for value, part in seen.groupby(column):
            slices[f"{attribute}={value}"] = of_slice(part, seen)
        for (minute, value), part in seen.groupby(["minute", column]):
            windows[f"{minute} {attribute}={value}"] = of_window(part)
    return {"slices": slices, "windows": windows}


def main():
    began = time.perf_counter()
    seen = read(sys.argv[1])
    parsed = time.perf_counter()
    figures = evaluate(seen)
    done = time.perf_counter()
    figures["python"] = {
        "secondsParsing": round(parsed - began, 3),
        "secondsInMemory": round(done - parsed, 3),
        "frameBytes": int(seen.memory_usage(deep=True).sum()),
        "versions": {
            "python": sys.version.split()[0],
            "numpy": np.__version__,
            "pandas": pd.__version__,
            "scikit-learn": sklearn.__version__,
            "scipy": scipy.__version__,
        },
    }
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        json.dump(figures, out)


if __name__ == "__main__":
    main()
