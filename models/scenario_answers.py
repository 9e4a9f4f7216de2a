"""What edge-intent-int4 and frontier-intent answer on every drift scenario, one row per request: for work on drift without
inference.

    python scenario_answers.py

Writes scenario-answers.tsv.gz (all scenarios) and control-answers.tsv.gz (every build on `control`, the bad ones too).
Confidences have nine significant digits, which is exact for float32.
"""
from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import onnxruntime

import measures
from features import FeatureSpec, csr_matrix, tokenize

HERE = Path(__file__).resolve().parent
SCENARIOS = HERE.parent / "data" / "clinc150" / "scenarios"
EDGE, FRONTIER = "edge-intent-int4", "frontier-intent"


def rows_of(name: str) -> list:
    with gzip.open(SCENARIOS / f"{name}.tsv.gz", "rt", encoding="utf-8", newline="") as f:
        header, *lines = f.read().split("\n")
    columns = header.split("\t")
    return [dict(zip(columns, line.split("\t"))) for line in lines if line]


def session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def probabilities(model: dict, texts: list) -> np.ndarray:
    """One request at a time: dynamic INT8 picks its activation scale per request."""
    matrix = csr_matrix(texts, FeatureSpec.from_json(model["features"]))
    runtime = session(HERE / model["file"])
    return np.concatenate([runtime.run(["probabilities"], {"features": matrix[i].toarray()})[0] for i in range(len(texts))])


def write(path: Path, lines: list) -> None:
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as f:
        f.write(("\n".join(lines) + "\n").encode("utf-8"))


def main() -> None:
    models = {m["name"]: m for m in json.loads((HERE / "models.json").read_text("utf-8"))}
    names = [x["intent"] for x in json.loads((HERE.parent / "data" / "clinc150" / "labels.json").read_text("utf-8"))]
    lines = ["scenario\tseq\tintent\tlabel\tconfidence\tentropy\ttokens\tfrontier"]
    control = ["build\tseq\tlabel\tconfidence\tentropy"]
    for path in sorted(SCENARIOS.glob("*.tsv.gz")):
        name = path.name[:-len(".tsv.gz")]
        rows = rows_of(name)
        texts = [r["text"] for r in rows]
        edge, frontier = probabilities(models[EDGE], texts), probabilities(models[FRONTIER], texts).argmax(1)
        label, entropy = edge.argmax(1), measures.entropy(edge)
        lines += [f"{name}\t{i}\t{r['intent']}\t{names[label[i]]}\t{edge[i].max():.9g}\t{entropy[i]:.9g}"
                  f"\t{len(tokenize(r['text']))}\t{names[frontier[i]]}" for i, r in enumerate(rows)]
        if name == "control":
            for build, model in models.items():
                p = probabilities(model, texts)
                h = measures.entropy(p)
                control += [f"{build}\t{i}\t{names[p[i].argmax()]}\t{p[i].max():.9g}\t{h[i]:.9g}" for i in range(len(rows))]
    write(HERE / "scenario-answers.tsv.gz", lines)
    write(HERE / "control-answers.tsv.gz", control)


if __name__ == "__main__":
    main()
