"""The jurisdictions of an installation: their offices, plans and sweeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import ConflictError
from ledger.offices.jurisdictions import Jurisdiction, host, listed, settings_of
from ledger.plans import editions
from ledger.post import contacts
from ledger.proof.anchor_checks import halt
from ledger.session import UNREADABLE, Ledger
from tasks import today
from tasks.in_force import in_force
from tasks.sweep_time import is_unswept

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.settings import Settings


class Office(NamedTuple):
    """The state of a jurisdiction.

    `office` is the coordinating office of its plans, "" while none is in force; `swept_through`
    the day up to which all of them were swept; `unswept` the plans without a sweep for 26 hours;
    `problem` the reason its ledger or its desk cannot be opened or written to, "" if they can.
    """

    jurisdiction: Jurisdiction
    office: str = ""
    plans: tuple[str, ...] = ()
    swept_through: dt.date | None = None
    unswept: tuple[str, ...] = ()
    problem: str = ""

    @property
    def is_well(self) -> bool:
        """True if its ledger opens and every plan was swept in time."""
        return not self.problem and not self.unswept


def offices(settings: Settings, at: dt.datetime) -> Iterator[Office]:
    """Yield the state of every jurisdiction at the instant `at`, the main one first.

    Of two with one host name, which only their files can give them, the second has no desk.
    """
    served: dict[str | None, str] = {}
    for jurisdiction in listed(settings):
        office, name = _opened(settings, jurisdiction, at), host(jurisdiction)
        if name in served and not office.problem:
            conflict = ConflictError("jurisdiction-address", host=name, other=served[name])
            office = office._replace(problem=str(conflict))
        if name:
            served.setdefault(name, jurisdiction.id or "main")
        yield office


def _opened(settings: Settings, jurisdiction: Jurisdiction, at: dt.datetime) -> Office:
    if jurisdiction.problem:
        return Office(jurisdiction, problem=jurisdiction.problem)
    try:
        with Ledger.open(settings_of(settings, jurisdiction.id)) as ledger:
            return _survey(jurisdiction, ledger, at)
    except UNREADABLE as error:
        return Office(jurisdiction, problem=str(error).partition("\n")[0])


def _survey(jurisdiction: Jurisdiction, ledger: Ledger, at: dt.datetime) -> Office:
    with ledger.read() as conn:
        in_force_editions, zone = editions.all_in_force(conn), today.zone(conn)
        agencies = contacts.agencies(conn)
        coordinating = {in_force(conn, edition.plan).plan.office for edition in in_force_editions}
        stop = halt(conn, ledger.settings.home)
    swept = [edition.swept_through for edition in in_force_editions if edition.swept_through]
    return Office(
        jurisdiction,
        problem=str(stop or ""),
        office=", ".join(agencies[one].name for one in sorted(coordinating)),
        plans=tuple(edition.plan for edition in in_force_editions),
        swept_through=min(swept)
        if in_force_editions and len(swept) == len(in_force_editions)
        else None,
        unswept=tuple(e.plan for e in in_force_editions if is_unswept(e, zone, at)),
    )
