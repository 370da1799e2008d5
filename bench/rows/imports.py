"""An order file: parsed, checked, matched and journalled; then customers, orders and history. UTF-8 and CP932."""
import time

from context import say
from peers import copy_orders, median, postgres
from shop import running

ORDERS_EACH = 4


def import_file(shop, kind, path, source):
    """Imports a file under the name of a source; tells rows and seconds, to the journal and to the end."""
    import_id, preview = shop.upload(kind, path)
    if preview["problems"]:
        raise RuntimeError(f"{path} cannot be imported: {preview['problems']}")
    mapping = {str(column["index"]): column["field"] for column in preview["columns"]}
    options = preview["options"] | {"source": source, "currency": "GBP", "rate": "150"}
    begin = time.perf_counter()
    shop.post(f"/api/imports/{import_id}/start", {"mapping": mapping, "options": options})
    while (view := shop.get(f"/api/imports/{import_id}"))["state"] == "running":
        time.sleep(0.02)
    journalled = time.perf_counter() - begin
    if view["state"] != "done":
        raise RuntimeError(f"the import of {path} has {view['state']}: {view['error']}")
    shop.catch_up()
    rejected = sum(found["count"] for found in view["classes"] if not found["is_accepted"])
    return {"encoding": preview["encoding"], "rows": view["lines"], "rejected": rejected, "journalled_s": journalled, "caught_up_s": time.perf_counter() - begin}


def run(bench):
    sizes = bench.sizes
    folder = bench.work / "import"
    folder.mkdir(parents=True, exist_ok=True)
    plain, japanese = folder / "orders.csv", folder / "orders-cp932.csv"
    bench.large_shop("orders", max(sizes.import_lines // (21 * ORDERS_EACH), 1), ORDERS_EACH, "whole", plain)
    japanese.write_bytes(plain.read_text("utf-8").encode("cp932"))
    rounds = []
    with postgres() as address, running(bench.najimi, folder) as shop:
        for turn in range(sizes.pairs):
            round = {}
            files = [("utf8", plain), ("cp932", japanese)]
            for name, path in files if turn % 2 == 0 else reversed(files):
                done = import_file(shop, "orders", path, f"{name}-{turn}")
                round[name] = done
                say(f"round {turn + 1}, {name}: {done['rows']:,} rows, journalled {done['rows'] / done['journalled_s']:,.0f}/s, caught up {done['rows'] / done['caught_up_s']:,.0f}/s")
            round["postgres_copy_per_s"] = copy_orders(address, plain)
            rounds.append(round)
    lines = bench.query(folder, "SELECT count(*) AS n FROM order_lines")[0]["n"]
    rows = rounds[0]["utf8"]["rows"]
    if lines != 2 * sizes.pairs * rows:
        raise RuntimeError(f"{lines} lines are in the history instead of {2 * sizes.pairs * rows}")
    rate = lambda name, time: median(round[name]["rows"] / round[name][time] for round in rounds)
    copied = median(round["postgres_copy_per_s"] for round in rounds)
    bench.figures["import"] = {"rows": rows, "rounds": rounds}
    bench.at_least("import", "UTF-8, journalled; PostgreSQL COPY with key and 2 indexes", rate("utf8", "journalled_s"), "rows/s", 100_000, peer=copied,
                   ratio=median(round["utf8"]["rows"] / round["utf8"]["journalled_s"] / round["postgres_copy_per_s"] for round in rounds))
    bench.at_least("import", "UTF-8, caught up: customers, orders, history, search", rate("utf8", "caught_up_s"), "rows/s", 15_000)
    bench.at_least("import", "CP932, journalled; UTF-8 the same", rate("cp932", "journalled_s"), "rows/s", 100_000, peer=rate("utf8", "journalled_s"),
                   ratio=median(round["utf8"]["journalled_s"] / round["cp932"]["journalled_s"] for round in rounds))
    bench.at_least("import", "CP932, caught up", rate("cp932", "caught_up_s"), "rows/s", 15_000)

