"""The large shop: its customers and first orders through the whole pipeline, its long history written at once.

The records hold every customer and one order of each on average; the history holds twenty. So screens, mails and
figures meet as many people as they would, and the bench ends on the same day.
"""
import csv
import shutil
import sqlite3

from context import ROOT, say
from rows.imports import import_file
from shop import Shop

SOURCE = "large"


def folder(bench):
    return bench.work / "large"


def open_shop(bench):
    return Shop(bench.najimi, folder(bench))


def build(bench):
    """Imports customers and orders, and tells how fast that went."""
    sizes, where = bench.sizes, folder(bench)
    where.mkdir(parents=True, exist_ok=True)
    people, orders = where / "customers.csv", where / "orders.csv"
    bench.large_shop("customers", sizes.customers, sizes.orders_each, where / "bare.csv")
    add_phones(where / "bare.csv", people)
    bench.large_shop("orders", sizes.customers, sizes.orders_each, "one", orders)
    shop = open_shop(bench)
    shop.start()
    for kind, path in (("customers", people), ("orders", orders)):
        done = import_file(shop, kind, path, SOURCE)
        bench.figures.setdefault("large", {})[kind] = done
        rate = done["rows"] / done["caught_up_s"]
        say(f"{kind} of the large shop: {done['rows']:,} rows, caught up {rate:,.0f}/s")
        bench.line("large", f"{done['rows']:,} {kind} through the pipeline, caught up", rate, "rows/s")
    shop.stop()


def add_phones(bare, path):
    """The generator gives nobody a telephone; to be found by its last digits everybody gets one."""
    with open(bare, encoding="utf-8", newline="") as read, open(path, "w", encoding="utf-8", newline="") as write:
        rows, table = csv.reader(read), csv.writer(write)
        header = next(rows)
        place = header.index("TEL")
        table.writerow(header)
        for n, row in enumerate(rows):
            row[place] = f"090-{n * 7 % 10_000:04d}-{n // 100 % 10_000:04d}"
            table.writerow(row)


def lengthen_history(bench):
    """Puts the long history in place of the short one, at the same positions of the journals."""
    data = folder(bench) / "data"
    with sqlite3.connect(data / "records.db") as records:
        positions = dict(records.execute("SELECT name, value FROM settings WHERE name LIKE 'pipeline.%'"))
        waiting = records.execute("SELECT count(*) FROM history_pending").fetchone()[0]
    if waiting:
        raise RuntimeError("the history of the large shop has not taken everything in")
    shutil.rmtree(data / "history")
    sizes = bench.sizes
    written = bench.example("large_shop", ROOT / "demo", "history", sizes.customers, sizes.history_orders_each, data / "history",
                            positions.get("pipeline.live", 0), positions["pipeline.backfill"])
    say(f"{written['rows']:,} orders written into the history in {written['seconds']:.0f} s")
    bench.figures.setdefault("large", {})["history"] = written
    return written["rows"]
