"""Cost of a sweep beside the same rows written by hand on sqlite3."""

from __future__ import annotations

import shutil
from contextlib import closing
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tasks.sweep.sweep import sweep
from tasks.sweep_time import sweep_instant
from tasks.tick import Tick
from tests.bench import floor, load
from tests.bench.measure import RUNS, Figure, at_most, seconds

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

SAME = (
    "SELECT * FROM messages ORDER BY id",
    "SELECT * FROM notices ORDER BY id",
    "SELECT * FROM entries ORDER BY seq",
    "SELECT key, told_through, look_on FROM duties ORDER BY key",
)


def figures() -> Iterator[Figure]:
    yield beside_the_floor(held=100_000, due=2000)


def beside_the_floor(*, held: int, due: int) -> Figure:
    """Sweep one day after another, and let the floor do the same on a copy of the ledger."""
    days = load.days(RUNS + 1)
    with TemporaryDirectory() as folder:
        home = Path(folder)
        load.fill(home / "ours", held=held, due=dict.fromkeys(days, due)).close()
        shutil.copytree(home / "ours", home / "floor")
        both = (Ours(home / "ours"), ByHand(home / "floor"))
        took = race(both, days)
        _must_be_same(home / "ours", home / "floor")
    return Figure(
        work=f"sweep, {due:,} due of {held:,} held",
        unit="ms",
        ours=took[0] * 1000,
        against="sqlite3 by hand, the same rows",
        theirs=took[1] * 1000,
        goal=at_most(2.0),
    )


def race(sweepers: Sequence[Ours | ByHand], days: Sequence[dt.date]) -> list[float]:
    """Return the median seconds of a day for each; the first day only warms up."""
    durations = []
    for on in days:
        durations.append([seconds(partial(sweeper.sweep, on)) for sweeper in sweepers])
        for sweeper in sweepers:
            load.lay_aside(sweeper.home, on)
    return [median(times) for times in zip(*durations[1:], strict=True)]


class Ours:
    """The ledger in `home`, swept by duban."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._ledger = Ledger.open(load_settings({"DUBAN_HOME": str(home)}))

    def sweep(self, on: dt.date) -> None:
        sweep(self._ledger, Tick(load.CODE, on, sweep_instant("Asia/Shanghai", on)))


class ByHand:
    """The ledger in `home`, swept by the floor."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._conn = floor.connect(home)

    def sweep(self, on: dt.date) -> None:
        floor.sweep(self._conn, on, sweep_instant("Asia/Shanghai", on))


def _must_be_same(ours: Path, theirs: Path) -> None:
    """Assert that the floor wrote the same rows as duban."""
    with closing(floor.connect(ours)) as one, closing(floor.connect(theirs)) as other:
        for sql in SAME:
            if one.execute(sql).fetchall() != other.execute(sql).fetchall():
                raise AssertionError(f"the floor wrote other rows: {sql}")
