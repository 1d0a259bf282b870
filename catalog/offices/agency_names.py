"""Names of agencies in time: each day has the names that agencies had on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from catalog.plans.succession import Succession


class Named(Protocol):
    """An agency of a plan or of the ledger."""

    @property
    def name(self) -> str:
        """The agency's name."""

    def model_copy(self, *, update: Mapping[str, Any]) -> Self:
        """Return it with other values."""


class Ending(Protocol):
    """A duty, which may have ended."""

    @property
    def closed_on(self) -> date | None:
        """The day it was closed."""

    @property
    def waived_on(self) -> date | None:
        """The day it was waived."""


A = TypeVar("A", bound=Named)


class AgencyNames(Mapping[str, A]):
    """Agencies by id, under the names of one day (docs/rules.md, Amendments and reorganisations).

    `agencies` have their last names, and `successions` tell those before. All that prints the name
    of an agency takes it from here: of the day of a list or letter, or of the end of a duty.
    """

    def __init__(
        self,
        agencies: Mapping[str, A],
        successions: Iterable[Succession] = (),
        on: date = date.max,
    ) -> None:
        self._last = agencies
        renamed = (step for step in successions if step.kind == "renamed")
        self._steps = sorted(renamed, key=attrgetter("on", "id"))
        self._on = on
        self._before: dict[int, AgencyNames[A]] = {}
        self._agencies = dict(agencies)
        for step in reversed(self._steps):
            if step.on > on:
                former = self._agencies[step.agency].model_copy(update={"name": step.former_name})
                self._agencies[step.agency] = former

    def __getitem__(self, agency: str) -> A:
        return self._agencies[agency]

    def __iter__(self) -> Iterator[str]:
        return iter(self._agencies)

    def __len__(self) -> int:
        return len(self._agencies)

    def at(self, day: date) -> AgencyNames[A]:
        """Return the agencies under the names of `day`, or of this day if that comes first."""
        later = sum(day < step.on <= self._on for step in self._steps)
        if not later:
            return self
        if later not in self._before:
            self._before[later] = AgencyNames(self._last, self._steps, day)
        return self._before[later]

    def of(self, duty: Ending) -> AgencyNames[A]:
        """Return the agencies as they were called when the duty ended; now, while it has not."""
        ended = duty.closed_on or duty.waived_on
        return self if ended is None else self.at(ended)

    @property
    def by_id(self) -> dict[str, str]:
        """The names alone, by id."""
        return {agency: each.name for agency, each in self._agencies.items()}
