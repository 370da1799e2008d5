"""RFM, deciles and cohorts over the long history, beside DuckDB on the same Parquet files, threads and answers.

Cold: the first question of a process that has just started (DuckDB: of a new connection), with the files in the
page cache. Warm: the same process again, once the history has moved on, so that no kept answer is given out.
"""
import datetime
import os
import time

import duckdb
from deltalake import DeltaTable

from context import say
from machine import drop_page_cache
from peers import median, pairs
from rows import large

DAYS = 365
R, F = (30, 60, 90, 180), (1, 2, 3, 5, 10)


def cases(bounds, value, is_upper):
    """The number of a band, from 0."""
    ways = [f"WHEN {value} {'<=' if is_upper else '<'} {bound} THEN {n}" for n, bound in enumerate(bounds if is_upper else bounds[1:])]
    return f"CASE {' '.join(ways)} ELSE {len(ways)} END"


class Peer:
    """DuckDB on the files of the table's present version."""

    def __init__(self, history):
        files = [path.removeprefix("file://") for path in DeltaTable(str(history / "orders")).file_uris()]
        self.source = f"read_parquet({files!r}, hive_partitioning=true)"

    def connect(self):
        self.connection = duckdb.connect()
        self.connection.execute(f"SET threads={os.cpu_count()}; SET TimeZone='UTC'")
        return self

    def ask(self, sql):
        begin = time.perf_counter()
        rows = self.connection.execute(sql.replace("FROM orders", f"FROM {self.source} AS orders")).fetchall()
        return rows, time.perf_counter() - begin


def rfm_sql(today):
    before = today - 90
    return f"""WITH buyers AS (SELECT customer, max(local_day) FILTER (WHERE kind = 'order') AS last_day,
        count(*) FILTER (WHERE kind = 'order') AS orders, sum(reporting_minor) AS sales,
        max(local_day) FILTER (WHERE kind = 'order' AND local_day <= {before}) AS last_before,
        count(*) FILTER (WHERE kind = 'order' AND local_day <= {before}) AS orders_before
        FROM orders WHERE customer IS NOT NULL AND NOT is_simulated AND local_day <= {today} GROUP BY customer
        HAVING count(*) FILTER (WHERE kind = 'order') > 0),
      here AS (SELECT {cases(R, f"{today} - last_day", True)} AS r, {cases(F, "orders", False)} AS f, count(*) AS people, sum(sales)::BIGINT AS sales FROM buyers GROUP BY 1, 2),
      past AS (SELECT {cases(R, f"{before} - last_before", True)} AS r, {cases(F, "orders_before", False)} AS f, count(*) AS people FROM buyers WHERE last_before IS NOT NULL GROUP BY 1, 2)
      SELECT r, f, coalesce(here.people, 0), coalesce(here.sales, 0), coalesce(past.people, 0) FROM here FULL JOIN past USING (r, f) ORDER BY r, f"""


def decile_sql(today):
    return f"""SELECT decile, count(*), sum(sales)::BIGINT, min(sales)::BIGINT FROM
      (SELECT ntile(10) OVER (ORDER BY sales DESC, customer) AS decile, sales FROM
        (SELECT customer, sum(reporting_minor) AS sales FROM orders WHERE customer IS NOT NULL AND NOT is_simulated
         AND local_day > {today - DAYS} AND local_day <= {today} GROUP BY customer HAVING count(*) FILTER (WHERE kind = 'order') > 0))
      GROUP BY decile ORDER BY decile"""


def cohort_sql(today):
    return f"""WITH firsts AS (SELECT customer, strftime(DATE '1970-01-01' + min(local_day), '%Y-%m') AS first FROM orders
        WHERE customer IS NOT NULL AND NOT is_simulated AND kind = 'order' AND local_day <= {today} GROUP BY customer),
      months AS (SELECT customer, month, sum(reporting_minor) AS sales, count(*) FILTER (WHERE kind = 'order') AS orders FROM orders
        WHERE customer IS NOT NULL AND NOT is_simulated AND local_day <= {today} GROUP BY customer, month)
      SELECT first, months.month, count(*) FILTER (WHERE months.orders > 0) AS buyers, sum(months.sales)::BIGINT FROM months JOIN firsts USING (customer)
      GROUP BY 1, 2 HAVING buyers > 0 ORDER BY 1, 2"""


def rfm_rows(answer):
    cells = ((r, f, cell) for r, row in enumerate(answer["cells"]) for f, cell in enumerate(row))
    found = [(r, f, cell["people"], cell["sales"]["minor"], cell["people_90d_ago"]) for r, f, cell in cells]
    return [cell for cell in found if cell[2] or cell[4]]


def decile_rows(answer):
    return [(row["decile"], row["people"], row["sales"]["minor"], row["from"]["minor"]) for row in answer["rows"]]


def cohort_rows(answer):
    def later(month, offset):
        months = int(month[:4]) * 12 + int(month[5:]) - 1 + offset
        return f"{months // 12:04d}-{months % 12 + 1:02d}"
    cells = ((cohort["month"], cell) for cohort in answer["months"] for cell in cohort["cells"])
    return [(month, later(month, cell["offset"]), cell["buyers"], cell["sales"]["minor"]) for month, cell in cells if cell["buyers"]]


QUESTIONS = {
    "RFM": ("/api/insights/rfm", {}, rfm_sql, rfm_rows),
    "decile": ("/api/insights/decile", {"days": DAYS}, decile_sql, decile_rows),
    "cohorts": ("/api/insights/cohorts", {}, cohort_sql, cohort_rows),
}


def timed(shop, path, parameters):
    begin = time.perf_counter()
    answer = shop.get(path, **parameters)
    return answer, time.perf_counter() - begin


def day_number(text):

    return (datetime.date.fromisoformat(text) - datetime.date(1970, 1, 1)).days


def check(name, ours, theirs):
    if name == "cohorts":
        # The page shows the latest 36 cohorts.
        shown = {row[0] for row in ours}
        theirs = [row for row in theirs if row[0] in shown]
    if ours != theirs:
        different = next((pair for pair in zip(ours, theirs) if pair[0] != pair[1]), (len(ours), len(theirs)))
        raise RuntimeError(f"{name} differs from DuckDB: {different}")


def cold(bench, peer):
    """Pairs of a first question each, in processes of their own."""
    figures = {}
    for name, (path, parameters, sql, rows) in QUESTIONS.items():
        def ours(_):
            shop = large.open_shop(bench)
            shop.start()
            answer, seconds = timed(shop, path, parameters)
            today = day_number(shop.get("/api/insights/rfm")["as_of"])
            shop.stop()
            return rows(answer), seconds, today

        def theirs(_):
            return peer.connect().ask(sql(today))

        today = ours(0)[2]
        rounds = list(pairs(bench.sizes.pairs, ours, theirs))
        check(name, rounds[0][0][0], rounds[0][1][0])
        figures[name] = [(ours[1], theirs[1]) for ours, theirs in rounds]
        say(f"{name}, cold: " + ", ".join(f"{ours * 1000:.0f}/{theirs * 1000:.0f}" for ours, theirs in figures[name]) + " ms")
    return figures


def warm(bench, peer):
    """Pairs within one process each; a tiny event moves the history on, and kept answers grow too old."""
    figures = {name: [] for name in QUESTIONS}
    shop = large.open_shop(bench)
    shop.start()
    today = day_number(shop.get("/api/insights/rfm")["as_of"])
    peer.connect()
    for name, (path, parameters, sql, rows) in QUESTIONS.items():
        check(name, rows(timed(shop, path, parameters)[0]), peer.ask(sql(today))[0])
    for turn in range(bench.sizes.pairs):
        event = {"userId": "1", "event": "Bench", "messageId": f"warm-{time.time_ns()}"}
        shop.post("/v1/track", event, {"authorization": f"Bearer {shop.key('warm')}"})
        shop.catch_up()
        time.sleep(5.5)
        for name, (path, parameters, sql, _) in QUESTIONS.items():
            def ours(_):
                return timed(shop, path, parameters)[1]

            def theirs(_):
                return peer.ask(sql(today))[1]

            figures[name] += [(ours(0), theirs(0)) if turn % 2 == 0 else tuple(reversed((theirs(0), ours(0))))]
    shop.stop()
    return figures


def run(bench):
    orders = large.lengthen_history(bench)
    peer = Peer(large.folder(bench) / "data" / "history")
    bench.figures["insights"] = {"orders": orders, "days": DAYS}
    for temperature, measure in (("cold", cold), ("warm", warm)):
        figures = measure(bench, peer)
        bench.figures["insights"][temperature] = {name: [{"ours_s": ours, "duckdb_s": theirs} for ours, theirs in rounds] for name, rounds in figures.items()}
        for name, rounds in figures.items():
            ratio = median(ours / theirs for ours, theirs in rounds)
            bench.line("insights", f"{name}, {temperature}, {orders / 1e6:.3g} M orders; DuckDB on the same files", median(ours for ours, _ in rounds) * 1000, "ms",
                       peer=median(theirs for _, theirs in rounds) * 1000, ratio=ratio, floor="≤ 2 ×", is_reached=ratio <= 2)
    if drop_page_cache():
        shop = large.open_shop(bench)
        seconds = shop.start()
        answered = timed(shop, "/api/insights/rfm", {})[1]
        shop.stop()
        bench.figures["insights"]["from_disk"] = {"start_s": seconds, "rfm_s": answered}
        bench.line("insights", "RFM from a cold disk", answered * 1000, "ms")
