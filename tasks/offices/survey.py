"""What each jurisdiction of an installation is: its office, its plans, how far it was swept."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.offices.jurisdictions import Jurisdiction, listed, settings_of
from ledger.plans import editions
from ledger.post import contacts
from ledger.session import UNREADABLE, Ledger
from tasks import today
from tasks.in_force import in_force

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.settings import Settings


class Office(NamedTuple):
    """A jurisdiction as it stands.

    `office` is the coordinating office of its plans, "" while none is in force; `swept_through`
    the day up to which every one of them was swept. `unswept` are those without a sweep for 26
    hours; `problem` says why its ledger cannot be opened, "" where it can.
    """

    jurisdiction: Jurisdiction
    office: str = ""
    plans: tuple[str, ...] = ()
    swept_through: dt.date | None = None
    unswept: tuple[str, ...] = ()
    problem: str = ""

    @property
    def is_well(self) -> bool:
        """Whether its ledger opens and every plan was swept in time."""
        return not self.problem and not self.unswept


def offices(settings: Settings, at: dt.datetime) -> Iterator[Office]:
    """Yield every jurisdiction as it stands at the instant `at`, the main one first."""
    for jurisdiction in listed(settings):
        try:
            with Ledger.open(settings_of(settings, jurisdiction.id)) as ledger:
                yield _seen(jurisdiction, ledger, at)
        except UNREADABLE as error:
            yield Office(jurisdiction, problem=str(error).partition("\n")[0])


def _seen(jurisdiction: Jurisdiction, ledger: Ledger, at: dt.datetime) -> Office:
    with ledger.read() as conn:
        held, zone = editions.all_in_force(conn), today.zone(conn)
        known = contacts.agencies(conn)
        coordinating = {in_force(conn, edition.plan).plan.office for edition in held}
    swept = [edition.swept_through for edition in held if edition.swept_through]
    return Office(
        jurisdiction,
        office=", ".join(known[one].name for one in sorted(coordinating)),
        plans=tuple(edition.plan for edition in held),
        swept_through=min(swept) if held and len(swept) == len(held) else None,
        unswept=tuple(e.plan for e in held if today.is_unswept(e, zone, at)),
    )
