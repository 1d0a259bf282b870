"""Cost of a sweep with a million duties stored: time by the number due, and memory."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.bench import load
from tests.bench.measure import RUNS, Figure, at_most
from tests.bench.rows.sweep import Ours, beside_the_floor, race

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGE = True  # minutes and gigabytes: only when asked for
SMALL_HELD, LARGE_HELD = 100_000, 1_000_000
FEW, MANY = 2000, 20_000


def figures() -> Iterator[Figure]:
    yield beside_the_floor(held=LARGE_HELD, due=MANY)
    days = load.days(RUNS + 1)
    big_day = load.days(1, after=RUNS + 1)[0]
    with TemporaryDirectory() as folder:
        small, large = Path(folder, "small"), Path(folder, "large")
        few = dict.fromkeys(days, FEW)
        load.fill(small, held=SMALL_HELD, due=few).close()
        load.fill(large, held=LARGE_HELD, due=few | {big_day: MANY}).close()
        yield _held_tenfold(small, large, days)
        yield _memory(large, big_day)


def _held_tenfold(small: Path, large: Path, days: list[dt.date]) -> Figure:
    in_large, in_small = race((Ours(large), Ours(small)), days)
    return Figure(
        work=f"sweep, {FEW:,} due of {LARGE_HELD:,} held",
        unit="ms",
        ours=in_large * 1000,
        against=f"our own, {FEW:,} due of {SMALL_HELD:,} held",
        theirs=in_small * 1000,
        goal=at_most(1.5),
    )


def _memory(home: Path, on: dt.date) -> Figure:
    """Return the peak memory of a sweep in a process of its own."""
    command = [sys.executable, "-m", __name__, str(home), on.isoformat()]
    peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Figure(
        work=f"peak memory of a sweep, {MANY:,} due of {LARGE_HELD:,} held",
        unit="MB",
        ours=int(peak) / 1000,
        goal=at_most(300, of="ours"),
        runs=1,
    )


def _sweep_and_tell(home: Path, on: dt.date) -> None:
    Ours(home).sweep(on)
    print(peak_memory())


def peak_memory() -> str:
    """Return the peak in kB; getrusage would begin with the peak of the parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))


if __name__ == "__main__":
    _sweep_and_tell(Path(sys.argv[1]), dt.date.fromisoformat(sys.argv[2]))
