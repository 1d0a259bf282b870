"""Upgrade the ledgers of an installation to this version's schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger import upgrade
from ledger.offices.jurisdictions import listed, settings_of
from ledger.session import UNREADABLE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator

    from ledger.settings import Settings


class Outcome(NamedTuple):
    """What was done, or would be, to the ledger of a jurisdiction; `problem` is why nothing."""

    jurisdiction: str
    step: upgrade.Step | None
    problem: str = ""

    @property
    def is_due(self) -> bool:
        """True where there is something to do, or was."""
        return self.step is not None and self.step.backup is not None


def pending(settings: Settings, at: dt.datetime) -> list[Outcome]:
    """Return what `upgraded` would do; raises what opening the main ledger does."""
    return list(_each(settings, at, upgrade.pending))


def upgraded(settings: Settings, at: dt.datetime) -> Iterator[Outcome]:
    """Upgrade each ledger and yield its outcome; one that cannot be opened stops no other.

    Raises what opening the main ledger does.
    """
    return _each(settings, at, upgrade.upgraded)


def _each(
    settings: Settings, at: dt.datetime, do: Callable[[Settings, dt.datetime], upgrade.Step]
) -> Iterator[Outcome]:
    for jurisdiction in listed(settings):
        try:
            yield Outcome(jurisdiction.id, do(settings_of(settings, jurisdiction.id), at))
        except UNREADABLE as error:
            if not jurisdiction.id:
                raise
            yield Outcome(jurisdiction.id, None, str(error).partition("\n")[0])
