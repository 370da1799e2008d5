"""Compares which crate uses which with the table in ARCHITECTURE.md. A new edge is a decision, written there."""
import json, pathlib, re, subprocess, sys

root = pathlib.Path(__file__).resolve().parent.parent
metadata = json.loads(subprocess.check_output(["cargo", "metadata", "--no-deps", "--format-version", "1"], cwd=root))
names = {package["name"] for package in metadata["packages"]}
found = {
    package["name"]: {d["name"] for d in package["dependencies"] if d["name"] in names and d["kind"] is None}
    for package in metadata["packages"]
}
table = {}
for line in (root / "ARCHITECTURE.md").read_text().splitlines():
    row = re.match(r"\| `([a-z-]+)` \|.*\|([^|]*)\|$", line)
    if row and row[1] in names:
        table[row[1]] = set(re.findall(r"`([a-z-]+)`", row[2]))
wrong = [f"{name}: not in the table" for name in sorted(names - table.keys())]
wrong += [f"{name} uses {edge}, which the table does not allow" for name in sorted(found) for edge in sorted(found[name] - table.get(name, set()))]
wrong += [f"{name} may use {edge} by the table and does not" for name in sorted(table) for edge in sorted(table[name] - found.get(name, set()))]
print("\n".join(wrong) or f"{len(names)} crates use each other as ARCHITECTURE.md says")
sys.exit(bool(wrong))
