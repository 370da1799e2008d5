"""The other side of the comparisons: PostgreSQL of its own in a temporary folder, well set, and its clients."""
import json
import multiprocessing
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager

import psycopg

from machine import postgres_folder


def event(i):
    """The event of the bench: 577 bytes, the same as `load/src/event.rs` writes."""
    return json.dumps({"type": "track", "messageId": f"m-{i:012d}", "anonymousId": f"a-{i % 50021:08d}", "userId": f"u-{i % 20011:07d}", "event": "商品を見た",
                       "properties": {"product_id": f"P{i % 9973:06d}", "price": 1280 + i % 5000, "currency": "JPY", "category": "和菓子"},
                       "context": {"ip": "203.0.113.7", "userAgent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", "page": {"url": f"https://shop.example.jp/p/{i % 9973}", "referrer": "https://www.google.com/"},
                                   "locale": "ja-JP", "library": {"name": "analytics.js", "version": "2.1.0"}}, "timestamp": "2026-11-22T03:00:00.000Z", "sentAt": "2026-11-22T03:00:00.100Z"}, ensure_ascii=False)


@contextmanager
def postgres():
    """A server that listens on a socket only; every commit waits for the disk."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="najimi-bench-pg-"))
    tools, data = postgres_folder(), folder / "data"
    os.chmod(folder, 0o777)
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True, "cwd": folder}
    subprocess.run([*as_postgres, f"{tools}/initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync"], **quiet)
    options = f"-k {folder} -c listen_addresses='' -c shared_buffers=2GB -c max_wal_size=8GB"
    subprocess.run([*as_postgres, f"{tools}/pg_ctl", "-D", data, "-o", options, "-w", "start"], **quiet)
    try:
        yield f"host={folder} user=postgres dbname=postgres"
    finally:
        subprocess.run([*as_postgres, f"{tools}/pg_ctl", "-D", data, "-m", "immediate", "stop"], **quiet)
        shutil.rmtree(folder, ignore_errors=True)


def insert(address, client, seconds, batch, counts):
    """One client that inserts batches, each in a commit of its own. Clients are processes, so that Python holds none up."""
    events = [event(i) for i in range(5_000)]
    text = "insert into ev(id, body) values " + ",".join(["(%s,%s)"] * batch) + " on conflict do nothing"
    done, stop = 0, time.perf_counter() + seconds
    with psycopg.connect(address, autocommit=True) as connection:
        while time.perf_counter() < stop:
            connection.execute(text, [value for j in range(batch) for value in (f"{client}-{done + j}", events[(done + j) % 5_000])])
            done += batch
    counts.put(done)


def copy(address, client, seconds, batch, counts):
    events, done, stop = [event(i) for i in range(5_000)], 0, time.perf_counter() + seconds
    with psycopg.connect(address, autocommit=True) as connection:
        while time.perf_counter() < stop:
            with connection.cursor() as cursor, cursor.copy("copy ev(id, body) from stdin") as stream:
                for j in range(batch):
                    stream.write_row((f"{client}-{done + j}", events[(done + j) % 5_000]))
            done += batch
    counts.put(done)


def events_per_second(address, way, clients, batch, seconds):
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("drop table if exists ev")
        connection.execute("create table ev (id text primary key, body jsonb not null, at timestamptz default now())")
    counts = multiprocessing.Queue()
    begin = time.perf_counter()
    running = [multiprocessing.Process(target=way, args=(address, client, seconds, batch, counts)) for client in range(clients)]
    for process in running:
        process.start()
    done = sum(counts.get() for _ in running)
    for process in running:
        process.join()
    return done / (time.perf_counter() - begin)


def copy_orders(address, path):
    """Rows a second of COPY of an order file into a table with a key and two indexes."""
    with open(path, encoding="utf-8") as file:
        columns = file.readline().strip().split(",")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("drop table if exists t")
        connection.execute("create table t (line bigint generated always as identity primary key, " + ", ".join(f"c{n} text" for n in range(len(columns))) + ")")
        for column in (0, 2):
            connection.execute(f"create index on t (c{column})")
        begin = time.perf_counter()
        names = ", ".join(f"c{n}" for n in range(len(columns)))
        with connection.cursor() as cursor, cursor.copy(f"copy t ({names}) from stdin (format csv, header)") as stream, open(path, "rb") as file:
            for block in iter(lambda: file.read(1 << 20), b""):
                stream.write(block)
        rows = connection.execute("select count(*) from t").fetchone()[0]
        seconds = time.perf_counter() - begin
        connection.execute("drop table t")
    return rows / seconds


def pairs(count, ours, theirs):
    """Runs both sides in turn, each first every other time."""
    for turn in range(count):
        yield (ours(turn), theirs(turn)) if turn % 2 == 0 else tuple(reversed((theirs(turn), ours(turn))))


def median(values):
    values = sorted(values)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2
