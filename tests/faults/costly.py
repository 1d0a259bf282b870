"""`python -m tests.faults.costly`: what each pattern costs to read, put into docs/faults.md."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.errors import InvalidError
from ledger.child import LIMITS, call_in_child
from tests import docs_table
from tests.catalog.reading import repeated
from tests.faults import patterns

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
LENGTHS = (1_000, 4_000, 20_000, 100_000, 200_000)
PHRASES = ("上半年", "全年", "若干个", "2014年3-5月", "不少于三場", "定期")
PATIENT = LIMITS._replace(longest=900)  # the machine may do other things besides
COLUMNS = ("pattern", "outcome", "seconds", "MB")


def main() -> int:
    lines = list(_lines())
    docs_table.put_into(PAGE, "costly", COLUMNS, lines)
    return 0


def _lines() -> Iterator[tuple[str, ...]]:
    for phrase in PHRASES:
        for length in LENGTHS:
            name = f"{phrase}, {length:,} characters"
            yield _line(name, repeated.read, repeated.repeated(phrase, length))
        name = f"{phrase}, {LENGTHS[-1]:,} characters in items"
        yield _line(name, repeated.read, repeated.in_items(phrase, LENGTHS[-1]))
    for name, (function, file) in patterns.FILES.items():
        data = file()
        yield _line(f"{name} ({len(data) // 1000:,} kB)", function, data)


def _line(name: str, function: object, argument: object) -> tuple[str, ...]:
    try:
        cost = call_in_child(patterns.measured, function, argument, place=name, limits=PATIENT)
        line = (name, cost.outcome, f"{cost.seconds:.1f}", f"{cost.memory}")
    except InvalidError as error:
        line = (name, error.key, f"over {LIMITS.seconds}", f"below {LIMITS.memory}")
    print(" | ".join(line), flush=True)
    return line


if __name__ == "__main__":
    sys.exit(main())
