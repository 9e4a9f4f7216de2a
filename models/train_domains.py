"""Trains the builds of a second workload, "which domain is this utterance of?", and a router for the first one.

    python train_domains.py        # a minute or two on one core; deterministic

Written to domains/ (see README.md):
    tokenizer.json          WordPiece, made by Hugging Face's `tokenizers` from the training utterances
    tokens.jsonl            utterances with the ids that `tokenizers` gives them
    domain-encoder.onnx     a transformer encoder on these ids; inputs `input_ids`, `attention_mask` int64 [1, n]
    domain-hash.onnx        one layer on intent-hash-v1 with other parameters than the first workload's
    router-intent.onnx      whether edge-intent-int4 will agree with the frontier, on the first workload's features
    domains.json            labels, sizes, SHA-256, accuracies, golden cases
"""
from __future__ import annotations

import gzip
import hashlib
import json
import math
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from features import FeatureSpec, csr_matrix

HERE = Path(__file__).resolve().parent
OPSET, IR_VERSION = 17, 8


def constant(name, value):
    return numpy_helper.from_array(np.ascontiguousarray(value), name)


def rows_of(config):
    with gzip.open(HERE / "workloads" / config["data"], "rt", encoding="utf-8", newline="") as f:
        header, *lines = f.read().split("\n")
    columns = header.split("\t")
    return [dict(zip(columns, line.split("\t"))) for line in lines if line]


# ---------------------------------------------------------------- tokens

def make_tokenizer(texts, config):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(
        vocab_size=config["vocabulary"], special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]"], show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", tokenizer.token_to_id("[CLS]")), ("[SEP]", tokenizer.token_to_id("[SEP]"))])
    return tokenizer


# ---------------------------------------------------------------- encoder

class Encoder(torch.nn.Module):
    """One transformer layer, then the mean over the tokens."""

    def __init__(self, vocabulary, longest, classes, c):
        super().__init__()
        d = c["width"]
        self.heads, self.dropout = c["heads"], c["dropout"]
        self.tokens = torch.nn.Parameter(torch.randn(vocabulary, d) * 0.05)
        self.places = torch.nn.Parameter(torch.randn(longest, d) * 0.02)
        self.q, self.k, self.v, self.o = (torch.nn.Linear(d, d) for _ in range(4))
        self.up, self.down = torch.nn.Linear(d, c["inner"]), torch.nn.Linear(c["inner"], d)
        self.first, self.second = torch.nn.LayerNorm(d), torch.nn.LayerNorm(d)
        self.output = torch.nn.Linear(d, classes)

    def forward(self, ids, mask):
        b, n = ids.shape
        d = self.tokens.shape[1]
        x = torch.nn.functional.dropout(self.tokens[ids] + self.places[:n], self.dropout, self.training)
        q, k, v = (f(x).view(b, n, self.heads, d // self.heads).transpose(1, 2) for f in (self.q, self.k, self.v))
        a = q @ k.transpose(2, 3) / math.sqrt(d // self.heads) + (mask[:, None, None, :] - 1) * 1e9
        x = self.first(x + self.o((a.softmax(-1) @ v).transpose(1, 2).reshape(b, n, d)))
        x = self.second(x + self.down(torch.relu(self.up(x))))
        return self.output((x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True))


def padded(sequences):
    longest = max(map(len, sequences))
    ids = torch.zeros(len(sequences), longest, dtype=torch.int64)
    mask = torch.zeros(len(sequences), longest)
    for i, s in enumerate(sequences):
        ids[i, :len(s)] = torch.tensor(s)
        mask[i, :len(s)] = 1
    return ids, mask


def train(forward, parameters, count, y, c):
    order = torch.Generator().manual_seed(10_000 + c["seed"])
    optimizer = torch.optim.AdamW(parameters, lr=c["lr"], weight_decay=1e-4)
    steps = c["epochs"] * math.ceil(count / c["batch"])
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, c["lr"], total_steps=steps)
    target = torch.from_numpy(y)
    for _ in range(c["epochs"]):
        permutation = torch.randperm(count, generator=order).numpy()
        for i in range(0, count, c["batch"]):
            rows = permutation[i:i + c["batch"]]
            loss = torch.nn.functional.cross_entropy(forward(rows), target[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()


def encoder_graph(model, classes):
    """The same network for one text, written out in ONNX's own operators."""
    w = {k: v.detach().numpy() for k, v in model.state_dict().items()}
    d, heads = w["tokens"].shape[1], model.heads
    nodes, constants = [], []

    def give(name, value):
        constants.append(constant(name, value))
        return name

    def op(kind, inputs, output, **attributes):
        nodes.append(helper.make_node(kind, inputs, [output], name=output + "_op", **attributes))
        return output

    def linear(x, name, output):
        h = op("MatMul", [x, give(name + "_w", w[name + ".weight"].T)], output + "_m")
        return op("Add", [h, give(name + "_b", w[name + ".bias"])], output)

    def norm(x, name, output):
        return op("LayerNormalization", [x, give(name + "_s", w[name + ".weight"]), give(name + "_t", w[name + ".bias"])],
                  output, axis=-1, epsilon=1e-5)

    ids = op("Squeeze", ["input_ids", give("zero_axis", np.array([0], np.int64))], "ids")
    length = op("Shape", [ids], "length")
    x = op("Add", [op("Gather", [give("tokens", w["tokens"]), ids], "t", axis=0),
                   op("Slice", [give("places", w["places"]), "zero_axis", length, "zero_axis"], "p")], "x0")
    split = give("head_sizes", np.full(heads, d // heads, np.int64))
    parts = {}
    for name in ("q", "k", "v"):
        linear(x, name, name + "_all")
        parts[name] = [f"{name}{h}" for h in range(heads)]
        nodes.append(helper.make_node("Split", [name + "_all", split], parts[name], name=name + "_split", axis=1))
    give("scale", np.array(1 / math.sqrt(d // heads), np.float32))
    for h in range(heads):
        a = op("MatMul", [parts["q"][h], op("Transpose", [parts["k"][h]], f"kt{h}", perm=[1, 0])], f"a{h}")
        a = op("Softmax", [op("Mul", [a, "scale"], f"as{h}")], f"ap{h}", axis=-1)
        op("MatMul", [a, parts["v"][h]], f"ah{h}")
    joined = op("Concat", [f"ah{h}" for h in range(heads)], "joined", axis=1)
    x = norm(op("Add", [x, linear(joined, "o", "attended")], "x1"), "first", "x1n")
    inner = op("Relu", [linear(x, "up", "inner")], "inner_r")
    x = norm(op("Add", [x, linear(inner, "down", "outer")], "x2"), "second", "x2n")
    mask = op("Cast", ["attention_mask"], "mask", to=TensorProto.FLOAT)
    total = op("ReduceSum", [mask, give("one_axis", np.array([1], np.int64))], "tokens_in", keepdims=1)
    pooled = op("Div", [op("MatMul", [mask, x], "summed"), total], "pooled")
    linear(pooled, "output", "logits")
    graph = helper.make_graph(
        nodes, "domain",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, "n"]),
         helper.make_tensor_value_info("attention_mask", TensorProto.INT64, [1, "n"])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, classes])], constants)
    return graph


def hash_graph(weights, bias, dim, classes):
    nodes = [helper.make_node("MatMul", ["features", "w"], ["m"], name="matmul"),
             helper.make_node("Add", ["m", "b"], ["logits"], name="bias"),
             helper.make_node("Softmax", ["logits"], ["probabilities"], name="softmax", axis=1)]
    return helper.make_graph(
        nodes, "hash",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["batch", dim])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", classes])],
        [constant("w", weights.astype(np.float32)), constant("b", bias.astype(np.float32))])


def save(graph, path):
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="train_domains.py")
    model.ir_version = IR_VERSION
    onnx.checker.check_model(model)
    data = model.SerializeToString(deterministic=True)
    path.write_bytes(data)
    return {"file": path.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def linear_model(x, y, classes, c):
    torch.manual_seed(c["seed"])
    w = torch.nn.Parameter(torch.zeros(x.shape[1], classes))
    b = torch.nn.Parameter(torch.zeros(classes))

    def forward(rows):
        s = x[rows]
        return torch.nn.functional.embedding_bag(
            torch.from_numpy(s.indices.astype(np.int64)), w, torch.from_numpy(s.indptr[:-1].astype(np.int64)),
            mode="sum", per_sample_weights=torch.from_numpy(s.data)) + b

    train(forward, [w, b], len(y), y, c)
    return w.detach().numpy(), b.detach().numpy()


def golden(run, texts, labels):
    cases = []
    for text in texts:
        p = run(text)
        best = int(p.argmax())
        if np.partition(p, -2)[-1] - np.partition(p, -2)[-2] > 0.1:
            cases.append({"text": text, "label": labels[best], "confidence": round(float(p[best]), 6)})
    return cases[:20]


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def main():
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    config = json.loads((HERE / "workloads" / "clinc-domains.json").read_text("utf-8"))
    out = (HERE / "workloads" / config["out"]).resolve()
    out.mkdir(parents=True, exist_ok=True)
    rows = rows_of(config)
    domain_of = {x["intent"]: x["domain"] for x in json.loads((HERE / "workloads" / config["labels"]).read_text("utf-8"))}
    labels = sorted(set(domain_of.values()))
    at = {label: i for i, label in enumerate(labels)}
    training = [r for r in rows if r["split"] in ("train", "oos_train", "oos_extra")]
    test = [r for r in rows if r["split"] in ("test", "oos_test")]
    y = np.array([at[domain_of[r["intent"]]] for r in training], np.int64)
    y_test = np.array([at[domain_of[r["intent"]]] for r in test], np.int64)
    result = {"workload": config["name"], "labels": labels, "builds": []}

    # tokens
    longest = config["tokenizer"]["max_length"]
    tokenizer = make_tokenizer([r["text"] for r in training], config["tokenizer"])
    tokenizer.save(str(out / "tokenizer.json"))
    data = (out / "tokenizer.json").read_bytes()
    result["tokenizer"] = {"file": "tokenizer.json", "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "max_length": longest}
    tokenizer.enable_truncation(longest)
    odd = ["", " ", "Ünïcödé CAFÉ", "naïve—dash", "日本語 text", "emoji 🎉 here", "a" * 120, "tab\tand\nline", "don't can't", "e.g. $3.50!",
           "word " * 80, "\u200bzero\u200b width", "ﬁ ligature", "ＦＵＬＬ width"]
    with (out / "tokens.jsonl").open("w", encoding="utf-8") as f:
        for text in odd + [r["text"] for r in test[::30]]:
            f.write(json.dumps({"text": text, "ids": tokenizer.encode(text).ids}) + "\n")

    # encoder
    torch.manual_seed(config["encoder"]["seed"])
    sequences = [tokenizer.encode(r["text"]).ids for r in training]
    model = Encoder(tokenizer.get_vocab_size(), longest, len(labels), config["encoder"])
    model.train()
    train(lambda b: model(*padded([sequences[i] for i in b])), model.parameters(), len(y), y, config["encoder"])
    model.eval()
    entry = save(encoder_graph(model, len(labels)), out / "domain-encoder.onnx")
    session = onnxruntime.InferenceSession(str(out / "domain-encoder.onnx"), providers=["CPUExecutionProvider"])

    def run_encoder(text):
        ids = np.array([tokenizer.encode(text).ids], np.int64)
        return softmax(session.run(["logits"], {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0].astype(np.float64))

    right = np.mean([run_encoder(r["text"]).argmax() == t for r, t in zip(test, y_test)])
    result["builds"].append({"name": "domain-encoder", **entry, "accuracy": round(float(right), 4),
                             "golden": golden(run_encoder, [r["text"] for r in test[::180]], labels)})

    # hash
    spec = FeatureSpec.from_json({"spec": "intent-hash-v1", "hash": "MurmurHash3_x86_32", **config["hash"]["features"]})
    w, b = linear_model(csr_matrix([r["text"] for r in training], spec), y, len(labels), config["hash"])
    entry = save(hash_graph(w, b, config["hash"]["features"]["dim"], len(labels)), out / "domain-hash.onnx")
    x_test = csr_matrix([r["text"] for r in test], spec)
    right = ((x_test @ w + b).argmax(1) == y_test).mean()

    def run_hash(text):
        return softmax((csr_matrix([text], spec) @ w + b)[0].astype(np.float64))

    result["builds"].append({"name": "domain-hash", **entry, "features": config["hash"]["features"], "accuracy": round(float(right), 4),
                             "golden": golden(run_hash, [r["text"] for r in test[::180]], labels)})

    # router of the first workload: trained on half of the test rows, measured on the other half
    first = {x["name"]: x for x in json.loads((HERE / "models.json").read_text("utf-8"))}["edge-intent-int4"]["features"]
    with gzip.open(HERE / "predictions.tsv.gz", "rt", encoding="utf-8", newline="") as f:
        header, *lines = f.read().strip("\n").split("\n")
    columns = header.split("\t")
    predictions = {p["id"]: p for p in (dict(zip(columns, line.split("\t"))) for line in lines)}
    known = [r for r in rows if r["id"] in predictions]
    edge, cloud = "edge-intent-int4:label", "frontier-intent:label"
    agree = np.array([predictions[r["id"]][edge] == predictions[r["id"]][cloud] for r in known], np.int64)
    spec = FeatureSpec.from_json(first)
    x = csr_matrix([r["text"] for r in known], spec)
    odd_rows = np.arange(len(known)) % 2 == 1
    w, b = linear_model(x[odd_rows], agree[odd_rows], 2, config["router"])
    entry = save(hash_graph(w, b, first["dim"], 2), out / "router-intent.onnx")
    z = x[~odd_rows] @ w + b
    score = 1 / (1 + np.exp(z[:, 0] - z[:, 1]))
    truth = agree[~odd_rows]
    order = np.argsort(score)
    ranks = np.empty(len(order))
    ranks[order] = np.arange(1, len(order) + 1)
    positives = truth.sum()
    auroc = (ranks[truth == 1].sum() - positives * (positives + 1) / 2) / (positives * (len(truth) - positives))

    def run_router(text):
        return softmax((csr_matrix([text], spec) @ w + b)[0].astype(np.float64))

    result["router"] = {"name": "router-intent", **entry, "features": first, "labels": ["frontier", "edge"], "auroc": round(float(auroc), 4),
                        "golden": golden(run_router, [r["text"] for r in known[::180]], ["frontier", "edge"])}
    (out / "domains.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
    listed = {key: result["router"][key] for key in ("name", "file", "bytes", "sha256", "features", "labels")}
    (out / "models.json").write_text(json.dumps([{**listed, "version": "1.0.0"}], indent=1) + "\n", "utf-8")
    for build in [*result["builds"], result["router"]]:
        print(build["name"], build.get("accuracy", build.get("auroc")), build["bytes"], len(build["golden"]))


if __name__ == "__main__":
    main()
