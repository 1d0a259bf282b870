"""`python -m tests.bench`: measure duban beside what it is compared with.

A file in `rows/` is a row of the table: its `figures()` yields what it measured. One with
`LARGE = True` runs only when asked for.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests import docs_table
from tests.bench import table

if TYPE_CHECKING:
    from types import ModuleType

    from tests.bench.measure import Figure

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "figures.md"
NAMES = sorted(path.stem for path in (HERE / "rows").glob("*.py"))


def main() -> int:
    options = _options()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    measured: dict[str, list[Figure]] = {}
    for name in options.only or NAMES:
        row = importlib.import_module(f"tests.bench.rows.{name}")
        if options.only or options.large or not getattr(row, "LARGE", False):
            measured[name] = _measure(name, row)
    table.show(figure for figures in measured.values() for figure in figures)
    whole = table.keep(HERE / "results.json", measured)
    docs_table.put_into(PAGE, "bench", table.COLUMNS, map(table.cells, whole))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=NAMES, help="a row; may be repeated")
    parser.add_argument("--large", action="store_true", help="a million duties too: some minutes")
    return parser.parse_args()


def _measure(name: str, row: ModuleType) -> list[Figure]:
    figures = []
    print(f"{name} …", file=sys.stderr, flush=True)
    for figure in row.figures():
        print(f"  {figure.work}", file=sys.stderr, flush=True)
        figures.append(figure)
    return figures


if __name__ == "__main__":
    sys.exit(main())
