"""Looks whether the tests that comments and ARCHITECTURE.md name exist: an invariant is worth what shows it."""
import pathlib, re, sys

root = pathlib.Path(__file__).resolve().parent.parent
sources = [*root.glob("crates/*/src/**/*.rs"), *root.glob("torture/src/**/*.rs"), root / "ARCHITECTURE.md"]
named, missing = 0, []
for source in sources:
    own = root.joinpath(*source.relative_to(root).parts[:2])
    for number, line in enumerate(source.read_text().splitlines(), 1):
        for path in re.findall(r"`((?:crates/[a-z-]+/|[a-z-]+/)?tests/[a-z0-9_/.-]+)`", line):
            named += 1
            if not any((folder / path).exists() for folder in (own, root, root / "crates")):
                missing.append(f"{source.relative_to(root)}:{number} names {path}, which is not there")
print("\n".join(missing) or f"{named} tests that comments name are there")
sys.exit(bool(missing))
