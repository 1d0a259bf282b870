"""`duban doctor`: what this installation is, and what in it needs a person."""

from __future__ import annotations

import platform
import stat
from importlib.metadata import version
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from desk.commands.options import Json, open_ledger
from desk.commands.output import put_json, put_line
from ledger.people import agencies
from ledger.plans import editions
from ledger.post import contacts, messages
from ledger.proof import anchors, chain
from ledger.store import health
from tasks import today
from tasks.clock import now_utc
from tasks.in_force import in_force
from tasks.offices.survey import offices
from tasks.proof.anchor import reviewers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.session import Connection, Ledger
    from ledger.settings import Settings


class Finding(NamedTuple):
    """One thing looked at: `ok` is False where a person should act, and `mend` says how."""

    check: str
    ok: bool
    detail: str
    mend: str = ""


def doctor(*, as_json: Json = False) -> int:
    """Look at the installation and its ledger; ends with 6 when something needs a person.

    In the main jurisdiction each of the others is one line more.
    """
    with open_ledger() as ledger, ledger.read() as conn:
        findings = [*_installation(ledger), *_ledger(ledger, conn), *_plans(conn)]
        findings += _others(ledger.settings)
    healthy = all(finding.ok for finding in findings)
    if as_json:
        put_json({"ok": healthy, "findings": [finding._asdict() for finding in findings]})
    else:
        for check, ok, detail, mend in findings:
            put_line(f"{'ok  ' if ok else 'LOOK'}  {check:12} {detail}{'' if ok else f' - {mend}'}")
    return 0 if healthy else 6


def _installation(ledger: Ledger) -> Iterator[Finding]:
    settings = ledger.settings
    yield Finding("versions", ok=True, detail=_versions())
    mode = stat.S_IMODE(settings.home.stat().st_mode)
    private = not mode & 0o077
    yield Finding("home", private, f"{settings.home} ({mode:o})", "chmod 700, it holds everything")
    yield Finding("mail", ok=True, detail=settings.mail_url.partition(":")[0])


def _versions() -> str:
    parts = {name: version(name) for name in ("duban", "prefect", "sqlmodel", "apprise")}
    python = {"python": platform.python_version(), "sqlite": health.SQLITE}
    return ", ".join(f"{name} {number}" for name, number in (parts | python).items())


def _ledger(ledger: Ledger, conn: Connection) -> Iterator[Finding]:
    yield Finding("database", *health.health(conn))
    known = anchors.anchors(ledger.settings.home)
    head = chain.head(conn)
    behind = not known or known[-1].entries <= head.entries
    detail = f"{head.entries} entries, {len(known)} anchors"
    yield Finding("history", behind, detail, "entries are missing: run duban verify")
    strays = sum(1 for _ in ledger.evidence.strays(conn))
    detail = f"{strays} files that no entry names"
    mend = f"an upload under way, or left by a crash; look under {ledger.evidence.root}"
    yield Finding("evidence", not strays, detail, mend)
    for state, mend in (("dead", "duban notices --state dead"), ("draft", "release or leave them")):
        count = len(messages.listed(conn, state=state))
        yield Finding(f"{state} mail", state == "draft" or not count, f"{count} messages", mend)


def _plans(conn: Connection) -> Iterator[Finding]:
    held = editions.all_in_force(conn)
    if not held:
        yield Finding("plans", False, "none in force", "duban plan publish PLAN")  # noqa: FBT003
    reached, heirs = contacts.contacts(conn), agencies.heirs(conn)
    for edition in held:
        yield _swept(conn, edition)
        plan = in_force(conn, edition.plan).plan
        leads = {heirs.of(m.lead, plan.plan, m.number) for m in plan.measures} | {plan.office}
        empty = [f"{a}/officer" for a in sorted(leads) if (a, "officer") not in reached]
        detail = f"{edition.plan}: {len(empty)} leading positions without an address"
        yield Finding("positions", not empty, detail, f"duban agency contact {empty[:1]}")
    if any(not edition.is_demo for edition in held):
        told = len(reviewers(conn))
        detail = f"{told} addresses that get the anchors of the history"
        yield Finding(
            "reviewers", bool(told), detail, "duban agency contact AGENCY reviewer ADDRESS"
        )


def _others(settings: Settings) -> Iterator[Finding]:
    """Yield how each other jurisdiction fares, for the main one's administrator."""
    if settings.jurisdiction:
        return
    for office in islice(offices(settings, now_utc()), 1, None):
        name = office.jurisdiction.id
        detail = f"{name}: last swept for {office.swept_through}, plans: {', '.join(office.plans)}"
        mend = f"DUBAN_JURISDICTION={name} duban doctor"
        if office.problem:
            detail = f"{name}: {office.problem}"
        yield Finding("jurisdiction", office.is_well, detail, mend)


def _swept(conn: Connection, edition: editions.Edition) -> Finding:
    fresh = not today.is_unswept(edition, today.zone(conn), now_utc())
    detail = f"{edition.plan}: last swept for {edition.swept_through}"
    return Finding("sweep", fresh, detail, "is duban up running? duban sweep catches up")
