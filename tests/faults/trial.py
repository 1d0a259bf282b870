"""A life of deeds, and copies of it in which each deed is killed."""

from __future__ import annotations

from itertools import count, takewhile
from typing import TYPE_CHECKING, Any

from tests.faults.surviving import LONG, assert_sound, dies, everything
from tests.world import ISSUED, PostOffice, World

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

    from catalog.plans.model import Plan
    from tests.databases import OnSqlite

    Deed = Callable[[World], object]

COMMITS = ("before-commit", "after-commit")
POINTS = (*COMMITS, "anchored")


class Trial:
    """A home that lives on, and copies of it in which a process is killed."""

    def __init__(self, database: OnSqlite, folder: Path) -> None:
        self.database = database
        self.folder = folder
        self.home = folder / "home"
        self.numbers = count()
        self.today = ISSUED
        self.plans: list[Plan] = []
        database.open(self.home).close()

    def live(self, steps: Iterable[tuple[str, Deed]], *, quick: Collection[str]) -> int:
        """Do every step and return the number of kills: of steps in `quick`, else of all.

        A step without a name is never killed.
        """
        kills = 0
        for name, do in steps:
            if name and (LONG or name in quick):
                kills += self.kill(name, do)
            else:
                self.done(self.home, do)
        return kills

    def kill(self, name: str, do: Deed) -> int:
        """Kill `do` at each pass of each point, each on a copy; then live on. Return the number."""
        before = self.folder / f"{next(self.numbers)}"
        with self.database.while_it_lasts():
            self.database.copy(self.home, before)
            reference = self.done(self.home, do)
            killed = 0
            for point in POINTS:
                passes = (f"{point}:{n}" for n in count(1))
                dead = takewhile(lambda at: self.killed(do, before, reference, at=at), passes)
                killed += sum(1 for _ in dead)
        assert killed >= len(COMMITS), f"{name} never committed"
        return killed

    def killed(self, do: Deed, before: Path, reference: dict[str, list[Any]], *, at: str) -> bool:
        """Kill `do` there on a copy, which must end as `reference`; False if it ended before."""
        copy = self.folder / f"{next(self.numbers)}"
        with self.database.while_it_lasts():
            self.database.copy(before, copy)
            died = dies(lambda: self.done(copy, do), at=at)
            if died:
                self.check(copy, do, reference)
        return died

    def done(self, home: Path, do: Deed) -> dict[str, list[Any]]:
        with self.database.open(home) as ledger:
            world = World(ledger, PostOffice())
            world.today, world.plans = self.today, list(self.plans)
            do(world)
            if home == self.home:
                self.today, self.plans = world.today, world.plans
            return everything(ledger)

    def check(self, copy: Path, do: Deed, reference: dict[str, list[Any]]) -> None:
        with self.database.open(copy) as ledger:
            assert_sound(ledger)
            complete = everything(ledger) == reference
        if not complete:
            assert self.done(copy, do) == reference
            with self.database.open(copy) as ledger:
                assert_sound(ledger)
