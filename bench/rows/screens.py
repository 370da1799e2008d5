"""What people wait for at a million customers: the list, finding somebody by any of their words, and the card."""
import csv
import random
import urllib.parse

from machine import memory_mib
from rows import large

CLIENTS = 2
LIMIT_MS = 100


def words_of(row, cell):
    """How somebody might be looked for."""
    family_kana, mail = cell(row, "お名前(セイ)"), cell(row, "メールアドレス")
    return {
        "kanji": cell(row, "お名前(姓)") + " " + cell(row, "お名前(名)"),
        "family name in kanji": cell(row, "お名前(姓)"),
        "kana": family_kana,
        "half-width kana": half_width(family_kana),
        "romaji": mail.split(".")[0],
        "mail": mail.split("@")[0],
        "last digits of the phone": cell(row, "TEL")[-4:],
        "number": cell(row, "会員ID"),
    }


FULL = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンァィゥェォッャュョー"
HALF = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｯｬｭｮｰ"
VOICED = dict(zip("ガギグゲゴザジズゼゾダヂヅデドバビブベボ", "ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎ"))
HALF_VOICED = dict(zip("パピプペポ", "ﾊﾋﾌﾍﾎ"))


def half_width(text):
    narrow = dict(zip(FULL, HALF)) | {wide: letter + "ﾞ" for wide, letter in VOICED.items()} | {wide: letter + "ﾟ" for wide, letter in HALF_VOICED.items()}
    return "".join(narrow.get(letter, letter) for letter in text)


def searches(bench):
    """By kind of word, the searches for people drawn by chance, so that frequent names are met often."""

    dice, kinds = random.Random(1), {}
    chosen = set(dice.sample(range(bench.sizes.customers), min(bench.sizes.page_requests, bench.sizes.customers)))
    with open(large.folder(bench) / "customers.csv", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        cell = lambda row, name: row[header.index(name)]
        for n, row in enumerate(rows):
            if n in chosen:
                for kind, word in words_of(row, cell).items():
                    kinds.setdefault(kind, []).append("/api/customers?limit=50&search=" + urllib.parse.quote(word))
    return kinds


def cards(bench, shop):
    ids, sorts = [], ("last_order", "sales", "orders", "kana")
    for sort in sorts:
        cursor = {}
        while len(ids) < bench.sizes.page_requests * (sorts.index(sort) + 1) // len(sorts):
            page = shop.get("/api/customers", sort=sort, limit=200, **cursor)
            ids += [row["customer_id"] for row in page["items"]]
            cursor = {"cursor": page["next_cursor"]}
            if not page["next_cursor"]:
                break
    random.Random(2).shuffle(ids)
    return [f"/api/customers/{id}" for id in ids]


def run(bench):
    large.build(bench)
    shop = large.open_shop(bench)
    opened = shop.start()
    bench.figures["screens"] = {"start_s": opened, "pages": {}}
    bench.at_most("screens", f"start until ready, {bench.sizes.customers:,} customers (goal of `store`)", opened, "s", 3)
    check(shop)
    lists = [f"/api/customers?limit=50&sort={sort}" for sort in ("last_order", "sales", "orders", "kana")]
    pages = {f"search by {kind}": paths for kind, paths in searches(bench).items()} | {"card": cards(bench, shop), "list": lists}
    everything = [path for kind, paths in pages.items() if kind.startswith("search") for path in paths]
    random.Random(3).shuffle(everything)
    pages = {"search, all kinds mixed": everything} | pages
    for name, paths in pages.items():
        requests = max(bench.sizes.page_requests, 1_000)
        done = bench.send("pages", shop.address, shop.cookie, requests, CLIENTS, input="\n".join(paths))
        if done["refused"]:
            raise RuntimeError(f"{done['refused']} of {requests} requests were refused: {name}")
        bench.figures["screens"]["pages"][name] = done
        bench.at_most("screens", f"{name}, {requests:,} requests, p99 (p50 {done['p50_us'] / 1000:.1f})", done["p99_us"] / 1000, "ms", LIMIT_MS)
    bench.figures["screens"]["memory"] = memory_mib(shop.process.pid)
    shop.stop()


def check(shop):
    """Every way of writing a name finds the same people."""
    counts = {word: shop.get("/api/customers", search=word)["total"] for word in ("サトウ", "ｻﾄｳ", "さとう")}
    if len(set(counts.values())) != 1 or not counts["サトウ"]:
        raise RuntimeError(f"the same name finds different people: {counts}")
