"""`make bench`: measures Najimi beside its peers and writes what came out to results/latest.json.

Rows: ingest, import, screens (builds the large shop), mails, insights (needs screens), store, web; build only when named.
"""
import argparse
import datetime
import json
import pathlib
import shutil
import sys
import time
import traceback
from dataclasses import asdict

import machine
from context import ROOT, Bench, shown
from rows import build, imports, ingest, insights, mails, screens, store, web

ROWS = {"ingest": ingest, "import": imports, "screens": screens, "mails": mails, "insights": insights, "store": store, "web": web, "build": build}
USUAL = [row for row in ROWS if row != "build"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=pathlib.Path, required=True, help="folder with najimi and examples/")
    parser.add_argument("--load", type=pathlib.Path, required=True, help="the load generator")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="a folder for everything that is made on the way")
    parser.add_argument("--quick", action="store_true", help="small and short: shows that everything works")
    parser.add_argument("--keep", action="store_true", help="go on with what an earlier run has left in the work folder")
    parser.add_argument("rows", nargs="*", help=f"which ones of {', '.join(ROWS)}; all but build when none is named")
    arguments = parser.parse_args()
    if not arguments.keep:
        shutil.rmtree(arguments.work, ignore_errors=True)
    arguments.work.mkdir(parents=True, exist_ok=True)
    bench = Bench(arguments.programs.resolve(), arguments.load.resolve(), arguments.work.resolve(), arguments.quick)
    rows = arguments.rows or USUAL
    result = {"at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"), "is_quick": arguments.quick, "machine": machine.describe(),
              "versions": machine.versions(ROOT), "sizes": asdict(bench.sizes), "rows": rows}
    failed = {}
    for row in rows:
        begin = time.perf_counter()
        try:
            ROWS[row].run(bench)
        except Exception:
            failed[row] = traceback.format_exc()
            print(failed[row], file=sys.stderr)
        bench.figures.setdefault(row, {})["took_s"] = round(time.perf_counter() - begin, 1)
    result |= {"table": bench.lines, "figures": bench.figures, "failed": failed, "load1_at_end": machine.load1()}
    out = ROOT / "bench" / "results" / ("latest-quick.json" if arguments.quick else "latest.json")
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    print(f"\n{out.relative_to(ROOT)}")
    for line in bench.lines:
        print(shown(line))
    sys.exit(bool(failed))


main()
