"""Growth of a sweep's cost with the duties stored, at a constant number due."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.bench import load
from tests.bench.measure import RUNS, Figure, at_most
from tests.bench.rows.sweep import Ours, race

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGE = True
DUE = 500
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)


def figures() -> Iterator[Figure]:
    days = load.days(RUNS + 1)
    with TemporaryDirectory() as folder:
        homes = [Path(folder, str(held)) for held in SIZES]
        for home, held in zip(homes, SIZES, strict=True):
            load.fill(home, held=held, due=dict.fromkeys(days, DUE)).close()
        first, *larger = race([Ours(home) for home in homes], days)
    for held, took in zip(SIZES[1:], larger, strict=True):
        yield Figure(
            work=f"growth: sweep, {DUE:,} due of {held:,} held",
            unit="ms",
            ours=took * 1000,
            against=f"our own, {DUE:,} due of {SIZES[0]:,} held",
            theirs=first * 1000,
            goal=at_most(1.5),
        )
