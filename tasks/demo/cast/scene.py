"""One duty on one day of the demonstration, as those see it who act on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tasks.act import Act

if TYPE_CHECKING:
    import datetime as dt

    from ledger.duties.duties import Duty
    from ledger.session import Ledger
    from tasks.demo.cast.parts import Part
    from tasks.in_force import InForce
    from tasks.tick import Tick


class Scene(NamedTuple):
    """One duty on one day, with its script."""

    ledger: Ledger
    edition: InForce
    tick: Tick
    duty: Duty
    script: Part

    @property
    def on(self) -> dt.date:
        """The day."""
        return self.tick.on

    def by(self, agency: str) -> Act:
        """Return the act of the agency's officer today."""
        return Act(f"{agency}/officer", self.tick.on, self.tick.at)

    def performer(self) -> Act:
        """Return the act of the performer's officer today."""
        return self.by(self.duty.performer)

    def office(self) -> Act:
        """Return the act of the office's officer today."""
        return self.by(self.edition.plan.office)

    def past(self, day: dt.date | None, workdays: int) -> bool:
        """Tell whether so many working days have gone since `day`."""
        return day is not None and self.on >= self.edition.workdays.add(day, workdays)
