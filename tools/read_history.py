"""Counts and sums of a history as the `deltalake` package reads it: one JSON object. Argument: the folder `history`.

Orders and their lines have versions; the table `superseded` lists those that newer ones have replaced.
"""
import json, pathlib, sys
from deltalake import DeltaTable

history = pathlib.Path(sys.argv[1])


def read(name):
    return DeltaTable(str(history / name)).to_pyarrow_dataset().to_table()


superseded = {(row["order_id"], row["version"]) for row in read("superseded").to_pylist()}


def newest(name, column):
    rows = read(name).select(["order_id", "version", column]).to_pylist()
    kept = [row[column] for row in rows if (row["order_id"], row["version"]) not in superseded]
    return len(kept), sum(kept)


orders, amount_minor = newest("orders", "amount_minor")
order_lines, quantity = newest("order_lines", "quantity")
events = read("events").num_rows
print(json.dumps({"orders": orders, "amount_minor": amount_minor, "order_lines": order_lines, "quantity": quantity, "events": events}))
