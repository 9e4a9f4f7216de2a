# SPDX-License-Identifier: Apache-2.0
"""Writes the Parquet files of this folder, and the same table as rows.csv (pyarrow 25). Usage: write.py"""
import random
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

HERE = Path(__file__).parent
ROWS = 1_500

random.seed(5)
labels = ["balance", "transfer", "überweisung", "card, lost"]


def maybe(value, share=0.05):
    return None if random.random() < share else value


truth = [random.choice(labels) for _ in range(ROWS)]
edge = [maybe(t if random.random() < 0.9 else random.choice(labels), 0.02) for t in truth]
table = pa.table(
    {
        "edge": pa.array(edge).dictionary_encode(),
        "frontier": pa.array([t if random.random() < 0.95 else random.choice(labels) for t in truth]),
        "truth": pa.array([maybe(t, 0.3) for t in truth]),
        "confidence": pa.array([maybe(random.random()) for _ in range(ROWS)], pa.float64()),
        "single": pa.array([random.gauss(0, 1) for _ in range(ROWS)], pa.float32()),
        "tokens": pa.array([maybe(random.randrange(40)) for _ in range(ROWS)], pa.int16()),
        "id": pa.array([2**63 + i for i in range(ROWS)], pa.uint64()),
        "cost": pa.array([Decimal(random.randrange(100_000)) / 1000 for _ in range(ROWS)], pa.decimal128(9, 3)),
        "refused": pa.array([random.random() < 0.1 for _ in range(ROWS)]),
        "locale": pa.array([random.choice(["de", "fr"]) for _ in range(ROWS)]),
    }
)
pa.csv.write_csv(table, HERE / "rows.csv")
nested = table.append_column("tags", pa.array([["a", "b"]] * ROWS)).append_column("s", pa.array([{"x": 1}] * ROWS))
for codec in ["none", "snappy", "zstd", "gzip", "lz4"]:
    pq.write_table(nested, HERE / f"{codec}.parquet", compression=codec, row_group_size=500)
pq.write_table(
    table, HERE / "pages.parquet", compression="snappy", data_page_version="2.0", data_page_size=512, write_statistics=False
)
pq.write_table(nested.select(["tags", "s"]), HERE / "nested.parquet")
