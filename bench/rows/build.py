"""A cold build as `make run` does it, in a folder of its own."""
import os
import shutil
import subprocess
import time

from context import ROOT

MINUTES = 15


def run(bench):
    folder = bench.work / "cold-build"
    shutil.rmtree(folder, ignore_errors=True)
    begin = time.perf_counter()
    subprocess.run(["cargo", "build", "--quiet", "--profile", "start", "-p", "najimi"], cwd=ROOT, check=True, env=os.environ | {"CARGO_TARGET_DIR": str(folder)})
    minutes = (time.perf_counter() - begin) / 60
    size = os.path.getsize(folder / "start" / "najimi") / 1e6
    shutil.rmtree(folder)
    bench.figures["build"] = {"minutes": minutes, "binary_mb": size}
    bench.at_most("build", "cold build of `make run`", minutes, "minutes", MINUTES)
    bench.line("build", "the binary", size, "MB")
