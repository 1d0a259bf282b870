"""Findings about the plans in force: their sweeps, positions, open groups and addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.people import agencies
from ledger.plans import editions
from ledger.post import contacts
from tasks import today
from tasks.in_force import in_force
from tasks.post.coverage import flaws, without_address
from tasks.proof.anchor import reviewers
from tasks.sweep_time import is_ahead, is_unswept
from tasks.upkeep.finding import Finding

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.session import Connection
    from ledger.settings import Settings

CONTACTS = "/settings"


def of_plans(conn: Connection, settings: Settings, at: dt.datetime) -> Iterator[Finding]:
    """Yield the findings about all plans in force."""
    every = editions.all_in_force(conn)
    if not every:
        yield Finding(
            "plans", ok=False, says="plans-none", mend="duban plan publish PLAN", page="/plans"
        )
    offices_of_plans = set()
    for row in every:
        yield _swept(conn, row, at)
        edition = in_force(conn, row.plan)
        offices_of_plans.add(edition.plan.office)
        empty = without_address(conn, edition)
        values = {"plan": row.plan, "count": len(empty), "names": tuple(empty)}
        mend = f"duban agency contact {next(iter(empty), '/').replace('/', ' ')} ADDRESS"
        yield Finding("positions", not empty, "positions", values, mend, CONTACTS)
        yield _groups(conn, row.plan)
    for office in sorted(offices_of_plans):
        yield from _answers(conn, settings, office)
    yield from _contacts(conn, settings)
    if any(not edition.is_demo for edition in every):
        values = {"count": len(reviewers(conn))}
        mend = "duban agency contact AGENCY reviewer ADDRESS"
        yield Finding("reviewers", bool(values["count"]), "reviewers", values, mend, CONTACTS)


def _swept(conn: Connection, edition: editions.Edition, at: dt.datetime) -> Finding:
    zone, values = today.zone(conn), {"plan": edition.plan, "on": edition.swept_through}
    if is_ahead(edition, zone, at):
        mend = "set the clock right, then duban verify --mend; nothing is swept until that day"
        return Finding("sweep", ok=False, says="sweep-ahead", values=values, mend=mend)
    says = "sweep" if edition.swept_through else "sweep-never"
    mend = "is duban up running? duban sweep catches up"
    return Finding("sweep", not is_unswept(edition, zone, at), says, values, mend)


def _groups(conn: Connection, plan: str) -> Finding:
    """Return whether the bodies of every open group with duties have been named."""
    groups = agencies.unnamed(conn, plan)
    mend = f"duban agency name {next(iter(groups), '')} --bodies A,B --document TEXT"
    values = {"plan": plan, "count": len(groups)}
    return Finding("groups", not groups, "groups", values, mend, "/plans")


def _answers(conn: Connection, settings: Settings, office: str) -> Iterator[Finding]:
    """Yield whether the recipients of letters can answer: by link, by mail, or by telephone."""
    name, telephone = contacts.person(conn, office, contacts.OFFICER)
    mend = f"duban agency contact {office} officer --person NAME --telephone NUMBER"
    values = {"office": office, "name": name, "telephone": telephone}
    says = "-".join(("person", *(["named"] if name else []), *(["called"] if telephone else [])))
    yield Finding("person", bool(name and telephone), says, values, mend, CONTACTS)
    address = contacts.reply_to(conn, settings, office)
    mend = f"DUBAN_REPLY_TO, or duban agency contact {office} officer ADDRESS"
    says, values = ("as-is", {"text": address}) if address else ("reply-to-none", {})
    yield Finding("reply-to", bool(address), says, values, mend, CONTACTS)


def _contacts(conn: Connection, settings: Settings) -> Iterator[Finding]:
    """Yield whether what is recorded would be recorded today, and whether letters have a link."""
    refused = flaws(conn, settings)
    gone = tuple(f"{f.recipient} by {f.channel}" for f in refused if f.lacks_channel)
    values = {"count": len(gone), "names": gone}
    mend = "set it up in DUBAN_CHANNELS, or duban agency contact AGENCY POSITION --channel C --end"
    yield Finding("channels", not gone, "channels", values, mend, "/settings/channels")
    wrong = tuple(str(flaw.error) for flaw in refused if not flaw.lacks_channel)
    values, mend = (
        {"count": len(wrong), "names": wrong},
        "duban agency contact AGENCY POSITION ADDRESS",
    )
    yield Finding("addresses", not wrong, "addresses", values, mend, CONTACTS)
    says, link = ("as-is", {"text": settings.base_url}) if settings.base_url else ("desk-none", {})
    yield Finding("desk", bool(settings.base_url), says, link, "set DUBAN_BASE_URL")
