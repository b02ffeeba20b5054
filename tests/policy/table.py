"""The reviewed table: for each route, who is let in. `python -m tests.policy.table` prints where it differs from the answers."""

from __future__ import annotations

import csv
import sys
import tempfile
from pathlib import Path

from tests.policy.house import ROLES, open_house, table

FILE = Path(__file__).with_name("table.csv")


def reviewed() -> dict[tuple[str, str], str]:
    """(method, rule) -> one sign per role of ROLES."""
    with FILE.open(encoding="utf-8", newline="") as source:
        rows = list(csv.reader(source))
    assert tuple(rows[0]) == ("method", "rule", *ROLES), "the columns are the roles"
    found = {(row[0], row[1]): "".join(row[2:]) for row in rows[1:]}
    assert len(found) == len(rows) - 1, "a route stands in the table twice"
    return found


def main() -> None:
    """Print the rows that the table lacks, with what the routes answer now, to be judged by a person; and those left over."""
    with tempfile.TemporaryDirectory() as folder:
        found = table(open_house(Path(folder)))
    known = reviewed() if FILE.exists() else {}
    out = csv.writer(sys.stdout, lineterminator="\n")
    for key, signs in found.items():
        if known.get(key) != signs:
            print(f"# table says {known.get(key, 'nothing')}")
            out.writerow([*key, *signs])
    for key in known.keys() - found.keys():
        print("# no such route:", *key)


if __name__ == "__main__":
    main()
