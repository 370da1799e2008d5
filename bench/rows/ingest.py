"""Events through `POST /v1/batch`: durable when acknowledged, and worked through when nothing waits any more."""
import datetime
import time

from context import say
from peers import copy, events_per_second, insert, median, pairs, postgres
from shop import running

CLIENTS, BATCH = 8, 100


def run(bench):
    sizes, number = bench.sizes, iter(range(10**6))
    with postgres() as address, running(bench.najimi, bench.work / "ingest") as shop:
        key = shop.key("web")

        def send(events, batch, clients, first):
            at = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            sent = bench.send("events", shop.address, key, events, batch, clients, first, at)
            if sent["refused"]:
                raise RuntimeError(f"{sent['refused']} of {sent['requests']} requests were refused")
            return sent

        def ours(turn):
            begin = time.perf_counter()
            sent = send(sizes.ingest_events, BATCH, CLIENTS, next(number) * 10**7)
            shop.catch_up()
            round = {"accepted_per_s": sizes.ingest_events / sent["seconds"], "caught_up_per_s": sizes.ingest_events / (time.perf_counter() - begin), "p99_us": sent["p99_us"]}
            say(f"round {turn + 1}: accepted {round['accepted_per_s']:,.0f}/s, caught up {round['caught_up_per_s']:,.0f}/s")
            return round

        def theirs(turn):
            return events_per_second(address, insert, CLIENTS, BATCH, sizes.ingest_peer_seconds)

        send(2_000, BATCH, CLIENTS, next(number) * 10**7)
        shop.catch_up()
        rounds = list(pairs(sizes.pairs, ours, theirs))
        copied = median(events_per_second(address, copy, 2, 10_000, sizes.ingest_peer_seconds) for _ in range(3))
        singles = list(pairs(
            sizes.pairs,
            lambda turn: sizes.single_requests / send(sizes.single_requests, 1, 64, next(number) * 10**7)["seconds"],
            lambda turn: sizes.single_requests / bench.send("refused", shop.address, key, sizes.single_requests, 64)["seconds"],
        ))
        shop.catch_up()
        events = shop.get("/api/system")["events_total"]
    counted = bench.query(bench.work / "ingest", "SELECT count(*) AS n, count(DISTINCT event_id) AS ids FROM events")[0]
    expected = 2_000 + sizes.pairs * (sizes.ingest_events + sizes.single_requests)
    if not counted["n"] == counted["ids"] == expected == events:
        raise RuntimeError(f"sent {expected}, journalled {events}, in the history {counted}")
    accepted, caught_up = (median(ours[name] for ours, _ in rounds) for name in ("accepted_per_s", "caught_up_per_s"))
    inserted, refused = median(theirs for _, theirs in rounds), median(theirs for _, theirs in singles)
    single, of_noop = median(ours for ours, _ in singles), median(ours / theirs for ours, theirs in singles)
    bench.figures["ingest"] = {"rounds": [{**ours, "postgres_insert_per_s": theirs} for ours, theirs in rounds], "postgres_copy_per_s": copied,
                               "singles": [{"per_s": ours, "noop_per_s": theirs} for ours, theirs in singles], "events": expected}
    ratio = median(ours["accepted_per_s"] / theirs for ours, theirs in rounds)
    bench.at_least("ingest", "accepted, batches of 100, 8 clients; PostgreSQL the same", accepted, "events/s", 60_000, peer=inserted, ratio=ratio)
    bench.line("ingest", "the same beside PostgreSQL COPY, 10,000 a commit", accepted, "events/s", peer=copied, ratio=accepted / copied)
    bench.at_least("ingest", "caught up: records and history hold them", caught_up, "events/s", 10_000)
    bench.line("ingest", "single events, 64 clients; no-op", single, "events/s", peer=refused, ratio=of_noop)
