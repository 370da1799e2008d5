"""What a figure depends on besides the code: the machine, its load, the versions, and what a process took."""
import importlib.metadata
import os
import pathlib
import platform
import shutil
import subprocess


def load1():
    return round(os.getloadavg()[0], 2)


def describe():
    cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), platform.machine())
    memory = next(int(l.split()[1]) for l in open("/proc/meminfo") if l.startswith("MemTotal"))
    return {"cpu": cpu, "cores": len(os.sched_getaffinity(0)), "memory_gib": round(memory / 2**20, 1),
            "kernel": platform.release(), "load1_at_start": load1()}


def said(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip().splitlines()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return None


def versions(root):
    python = {name: importlib.metadata.version(name) for name in ("duckdb", "psycopg")}
    return {"najimi": said("git", "-C", str(root), "describe", "--always", "--dirty"), "rustc": said("rustc", "--version"),
            "node": said("node", "--version"), "postgres": said(postgres_folder() + "/postgres", "--version"), "python": platform.python_version(), **python}


def postgres_folder():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    return str(found[-1]) if found else os.path.dirname(shutil.which("initdb") or "")


def memory_mib(pid):
    """The most that a process has held so far, and what it holds now."""
    status = dict(line.split(":", 1) for line in open(f"/proc/{pid}/status"))
    return {"peak_mib": int(status["VmHWM"].split()[0]) // 1024, "now_mib": int(status["VmRSS"].split()[0]) // 1024}


def cpu_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def folder_bytes(folder, pattern="*"):
    return sum(path.stat().st_size for path in pathlib.Path(folder).rglob(pattern) if path.is_file())


def drop_page_cache():
    """Lets the next reader meet a cold disk. Needs root; tells whether it was done."""
    os.sync()
    try:
        pathlib.Path("/proc/sys/vm/drop_caches").write_text("3\n")
        return True
    except OSError:
        return False
