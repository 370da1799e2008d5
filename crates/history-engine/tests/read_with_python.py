"""Reads the three tables with the `deltalake` package: counts, sums and journal positions.

The test that calls it compares them with what the history itself answers. Superseded versions
have been dropped by a compaction before, so the tables hold the newest versions only.
"""

import sys

import pyarrow.compute as compute
from deltalake import DeltaTable

folder = sys.argv[1]
for name, amount in [("orders", "reporting_minor"), ("order_lines", "reporting_minor"), ("events", "amount_minor")]:
    table = DeltaTable(f"{folder}/{name}").to_pyarrow_dataset().to_table()
    print(table.num_rows, compute.sum(table[amount]).as_py())

orders = DeltaTable(f"{folder}/orders")
for lane in ["live", "backfill"]:
    print(orders.transaction_version(f"journal.{lane}"))
