# SPDX-License-Identifier: Apache-2.0
"""Writes a CSV file as Parquet (Snappy), a block at a time: to_parquet.py CSV PARQUET"""
import sys

import pyarrow.csv
import pyarrow.parquet

with pyarrow.csv.open_csv(sys.argv[1]) as blocks, pyarrow.parquet.ParquetWriter(sys.argv[2], blocks.schema) as out:
    for block in blocks:
        out.write_batch(block, row_group_size=1 << 20)
