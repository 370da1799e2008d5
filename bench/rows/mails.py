"""A campaign to a hundred thousand people, printed and kept; and printing alone beside LiquidJS."""
import html
import json
import os
import subprocess
import time

from context import ROOT, say
from machine import cpu_seconds, memory_mib
from peers import median, pairs
from rows import large

LIQUIDJS = "10.30.1"


def months_for(shop, mails):
    """People who can be written to, by month of birth, until there are enough."""
    for months in range(1, 13):
        tree = {"kind": "and", "of": [{"kind": "reachable", "channel": "email"}, {"kind": "fact", "fact": "birth_month", "is": "in", "value": list(range(1, months + 1))}]}
        if shop.post("/api/segments/preview", {"tree": tree})["count"] >= mails:
            return tree
    raise RuntimeError("the large shop has too few people who can be written to")


def campaign(shop, mails):
    shop.put("/api/settings/mail", {"from_name": "みなと雑貨店", "from_address": "letter@example.com", "smtp": None, "hold_unknown": True, "cap_days": 7, "cap_max": 1,
                                    "footer_address": "〒231-0001 神奈川県横浜市中区みなと町1-2-3"})
    made = shop.post("/api/campaigns", {"name": "Bench", "tree": months_for(shop, mails), "template": "new_arrivals", "language": "ja"})
    changed = {key: made[key] for key in ("name", "segment_id", "tree", "mail", "version") if key in made} | {"holdout": 0.0}
    return shop.put(f"/api/campaigns/{made['campaign_id']}", changed)


def send(bench):
    shop = large.open_shop(bench)
    shop.start()
    made = campaign(shop, bench.sizes.mails)
    path = f"/api/campaigns/{made['campaign_id']}"
    planned = shop.get(path + "/confirm")["send"]
    begin, cpu = time.perf_counter(), cpu_seconds(shop.process.pid)
    shop.post(path + "/send", {"at": None, "version": made["version"]}, {"idempotency-key": "bench"})
    first = None
    while (delivery := shop.get(path + "/delivery"))["captured"] + delivery["failed"] < planned:
        first = first or (time.perf_counter() if delivery["captured"] else None)
        time.sleep(0.1)
    kept = time.perf_counter()
    shop.catch_up()
    caught_up, cpu = time.perf_counter() - begin, cpu_seconds(shop.process.pid) - cpu
    if delivery["captured"] != planned or delivery["total"] != planned:
        raise RuntimeError(f"{planned} mails were planned, this came of them: {delivery}")
    memory = memory_mib(shop.process.pid)
    shop.stop()
    bench.figures["mails"] = {"planned": planned, "first_s": (first or kept) - begin, "kept_s": kept - begin, "caught_up_s": caught_up, "cpu_s": cpu, "memory": memory}
    bench.line("mails", f"{planned:,} mails queued, printed and kept, from the press of the button", planned / (kept - begin), "mails/s")
    bench.line("mails", "the same until every timeline tells of them", planned / caught_up, "mails/s")
    bench.at_most("memory", f"the server at its largest, {bench.sizes.customers:,} customers (goal of `store`)", memory["peak_mib"], "MiB", 1_536)


def liquidjs(bench):
    folder = bench.work / "liquidjs"
    if not (folder / "node_modules" / "liquidjs").exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, f"liquidjs@{LIQUIDJS}"], check=True)
    return os.environ | {"NODE_PATH": str(folder / "node_modules")}


def render(bench):
    environment, prepared = liquidjs(bench), bench.work / "render.json"
    prepared.write_text(json.dumps(bench.example("render", "prepare", 100), ensure_ascii=False))
    peer = lambda *arguments: json.loads(subprocess.run(["node", ROOT / "bench" / "render_peer.js", prepared, *map(str, arguments)], check=True, stdout=subprocess.PIPE, env=environment).stdout)
    printed, theirs = json.loads(prepared.read_text()), peer("check")
    # Both escape; one writes more letters as entities than the other.
    plain = lambda mails: [{part: html.unescape(text).strip() for part, text in mail.items()} for mail in mails]
    bench.figures["render"] = {}
    for mail, what in (("loop", "a page with a loop of twelve products and conditions"), ("product", "our ready-compiled mail, page and words")):
        if plain(printed[mail]["printed"]) != plain(theirs[mail]):
            raise RuntimeError(f"LiquidJS prints the mail `{mail}` differently")
        seconds = bench.sizes.render_seconds
        rounds = list(pairs(bench.sizes.pairs, lambda _: bench.example("render", "measure", mail, seconds, 1_000), lambda _: peer(mail, seconds)))
        bench.figures["render"][mail] = [{"ours": ours, "liquidjs": liquid} for ours, liquid in rounds]
        ratio = median(ours["per_cpu_s"] / liquid["per_cpu_s"] for ours, liquid in rounds)
        say(f"{mail}: {ratio:.1f} times LiquidJS")
        bench.line("render", f"{what}; LiquidJS", median(ours["per_cpu_s"] for ours, _ in rounds), "mails/CPU s", peer=median(liquid["per_cpu_s"] for _, liquid in rounds),
                   ratio=ratio, floor="≥ 10 ×", is_reached=ratio >= 10)


def run(bench):
    render(bench)
    send(bench)
