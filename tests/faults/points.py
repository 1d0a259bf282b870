"""The points at which a process can be killed: those named in the code, and those hit by a run."""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

FILE = "DUBAN_FAULTS_HITS"  # where a run of `make faults` gathers its kills, a line each
ROOT = Path(__file__).parents[2]
FLOORS = ("catalog", "ledger", "tasks", "flows", "desk")
CALL = re.compile(r"\bfailpoint\(\"([^\"]+)\"\)")


def named() -> list[str]:
    """Return the failpoints of the code."""
    files = (file for floor in FLOORS for file in (ROOT / floor).rglob("*.py"))
    return sorted({name for file in files for name in CALL.findall(file.read_text("utf-8"))})


def hit(point: str) -> None:
    """Count a process killed at `point`."""
    if FILE in os.environ:
        with Path(os.environ[FILE]).open("a", encoding="utf-8") as file:
            file.write(f"{point}\n")


def hits(file: Path) -> dict[str, int]:
    """Return how often each point was hit, 0 included; other ways to kill a process come last."""
    counts = Counter(file.read_text("utf-8").splitlines() if file.exists() else ())
    return {point: counts[point] for point in (*named(), *sorted(counts))}
