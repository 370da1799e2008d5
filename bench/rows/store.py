"""Bytes on the disk of an order, its line and an event, beside the same columns written by DuckDB as Parquet with zstd."""
import os
import shutil

import duckdb
from deltalake import DeltaTable

from rows import large

TABLES = {"orders": "customer, ordered_at, order_id", "order_lines": "customer, ordered_at, order_id, ordinal", "events": "customer, occurred_at, event_id"}


def files_of(history, table):
    return [path.removeprefix("file://") for path in DeltaTable(str(history / table)).file_uris()]


def written_by_duckdb(bench, files, order):
    """Bytes of the same rows in the same order, one file a month as we have it."""

    out = bench.work / "duckdb-parquet"
    shutil.rmtree(out, ignore_errors=True)
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order=true; SET TimeZone='UTC'")
    connection.execute(f"COPY (SELECT * FROM read_parquet({files!r}, hive_partitioning=true) ORDER BY month, {order}) TO '{out}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (month))")
    bytes = sum(path.stat().st_size for path in out.rglob("*.parquet"))
    shutil.rmtree(out)
    return bytes


def compare(bench, history, tables, label):

    for table in tables:
        files = files_of(history, table)
        rows = duckdb.connect().execute(f"SELECT count(*) FROM read_parquet({files!r})").fetchone()[0]
        if not rows:
            continue
        ours, theirs = sum(os.path.getsize(file) for file in files), written_by_duckdb(bench, files, TABLES[table])
        bench.figures.setdefault("store", {})[f"{label}: {table}"] = {"rows": rows, "files": len(files), "bytes": ours, "duckdb_bytes": theirs}
        bench.line("store", f"{table} of {label}, {rows / 1e6:.3g} M rows; DuckDB's Parquet/zstd", ours / rows, "bytes/row",
                   peer=theirs / rows, ratio=ours / theirs, floor="≤ 1.3 ×", is_reached=ours <= 1.3 * theirs)


def run(bench):
    compare(bench, large.folder(bench) / "data" / "history", ("orders", "order_lines"), "the large shop")
    if (bench.work / "ingest").exists():
        compare(bench, bench.work / "ingest" / "data" / "history", ("events",), "the ingest row")
