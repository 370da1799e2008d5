#!/bin/sh
# Prints the path of a Python that has the package `deltalake`, for the test that reads our history with it. Makes a
# virtual environment in target/ where pip is there; prints nothing where it cannot (the test then counts a skip).
set -eu
cd "$(dirname "$0")/.."
home=target/python-for-tests
wanted="import deltalake, pyarrow"
python3 -c "$wanted" 2>/dev/null && { command -v python3; exit 0; }
if ! "$home/bin/python" -c "$wanted" 2>/dev/null; then
  echo "== fetching the Python package deltalake for one test (about half a minute)" >&2
  mkdir -p target
  { python3 -m venv "$home" && "$home/bin/pip" install --quiet --disable-pip-version-check deltalake pyarrow; } >/dev/null 2>&1 ||
    { echo "== the test that reads the history with Python is left out: no python3 with venv and pip, or no network" >&2; exit 0; }
fi
echo "$PWD/$home/bin/python"
