"""What all rows share: where the programs are, how large everything is, and where figures go."""
import json
import os
import pathlib
import subprocess
import sys
from dataclasses import dataclass, field

from machine import load1

ROOT = pathlib.Path(__file__).resolve().parent.parent


@dataclass
class Sizes:
    """Full and quick. A quick run shows that everything works; its figures are no figures."""
    pairs: int
    ingest_events: int
    ingest_peer_seconds: float
    single_requests: int
    import_lines: int
    customers: int
    orders_each: float
    history_orders_each: float
    page_requests: int
    mails: int
    render_seconds: float


FULL = Sizes(5, 200_000, 5, 20_000, 250_000, 1_000_000, 1, 20, 1_000, 100_000, 3)
QUICK = Sizes(5, 30_000, 1, 4_000, 40_000, 20_000, 1, 20, 1_000, 5_000, 0.5)


@dataclass
class Bench:
    programs: pathlib.Path
    """The folder with `najimi` and `examples/`."""
    load: pathlib.Path
    work: pathlib.Path
    is_quick: bool
    figures: dict = field(default_factory=dict)
    lines: list = field(default_factory=list)

    @property
    def sizes(self):
        return QUICK if self.is_quick else FULL

    @property
    def najimi(self):
        return str(self.programs / "najimi")

    def example(self, name, *arguments, **options):
        """Runs an example and reads the JSON that it prints."""
        command = [str(self.programs / "examples" / name), *map(str, arguments)]
        return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options).stdout)

    def send(self, *arguments, **options):
        command = [str(self.load), *map(str, arguments)]
        return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options).stdout)

    def query(self, folder, sql):
        """Asks the history of a shop, as it lies on the disk, by the command line."""
        command = [self.najimi, "query", "--json", sql]
        found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=folder, env=os.environ | {"NAJIMI_DATA": str(pathlib.Path(folder) / "data")})
        return [json.loads(line) for line in found.stdout.splitlines()]

    def large_shop(self, *arguments):
        return self.example("large_shop", ROOT / "demo", *arguments)

    def line(self, row, what, ours, unit, peer=None, ratio=None, floor=None, is_reached=None):
        """A line of the table. `is_reached` is None where no floor stands."""
        line = {"row": row, "what": what, "ours": ours, "unit": unit, "peer": peer, "ratio": ratio, "floor": floor, "is_reached": is_reached, "load1": load1()}
        self.lines.append(line)
        print(shown(line), flush=True)

    def at_least(self, row, what, ours, unit, floor, **more):
        self.line(row, what, ours, unit, floor=f"≥ {number(floor)}", is_reached=ours >= floor, **more)

    def at_most(self, row, what, ours, unit, floor, **more):
        self.line(row, what, ours, unit, floor=f"≤ {number(floor)}", is_reached=ours <= floor, **more)


def number(value):
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def shown(line):
    mark = {True: "reached", False: "MISSED", None: ""}[line["is_reached"]]
    ratio = "" if line["ratio"] is None else f"{number(line['ratio'])} ×"
    cells = (line["row"], line["what"], number(line["ours"]), line["unit"], number(line["peer"]), ratio, line["floor"] or "", mark)
    return "{:<9} {:<58} {:>10} {:<10} {:>10} {:>8}  {:<10} {}".format(*cells)


def say(sentence):
    print(f"  {sentence}", file=sys.stderr, flush=True)
