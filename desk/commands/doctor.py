"""`duban doctor`: health of the installation and its ledgers."""

from __future__ import annotations

import platform
import stat
from importlib.metadata import version
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.days import SKEW
from desk.commands.options import Json, open_ledger
from desk.commands.output import put_json, put_line
from ledger.offices import homes, jurisdictions
from ledger.people import agencies
from ledger.plans import editions
from ledger.post import channel_stops, contacts, messages
from ledger.proof import anchor_checks, chain, journal
from ledger.proof.anchors import on_file
from ledger.store import health
from ledger.store.file_modes import readable
from tasks import today
from tasks.clock import now_utc
from tasks.in_force import in_force
from tasks.incoming.mailbox import mailbox
from tasks.incoming.source import UnreadableSourceError
from tasks.offices.survey import offices
from tasks.post.coverage import flaws, without_address
from tasks.proof.anchor import reviewers
from tasks.proof.daily_check import last_check
from tasks.sweep_time import is_ahead, is_unswept

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ledger.session import Connection, Ledger
    from ledger.settings import Oidc, Settings

MOST_NAMED = 10
STOPS = {
    "slowed": "asked to slow down since {since}: {reason}",
    "stopped": "stopped since {since}: {reason}",
    "streak": "stopped since {since}, as several recipients running were refused in the same words:"
    " {reason}",
    "unclear": "stopped since {since}: {reason}; nobody knows whether that letter was taken",
}


class Finding(NamedTuple):
    """The result of one check: `ok` is False when a person should act as `mend` says."""

    check: str
    ok: bool
    detail: str
    mend: str = ""


def doctor(*, as_json: Json = False) -> int:
    """Check the installation and its ledger; ends with 6 when something needs a person.

    In the main jurisdiction each of the others adds one line.
    """
    with open_ledger() as ledger, ledger.read() as conn:
        state = health.health(conn)
        findings = [*_installation(ledger), Finding("database", *state[:3])]
        if not state.damaged:
            findings += [*_ledger(ledger, conn), *_plans(conn, ledger.settings)]
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
    private, detail = not mode & 0o077, f"{settings.home} ({mode:o})"
    if files := [path.name for path in readable(settings)]:
        private, detail = False, f"{detail}; others can read {', '.join(files)}"
    yield Finding("home", private, detail, "chmod 700: it is private")
    yield _mail(settings)
    if not settings.jurisdiction:
        yield _bounces(settings)
    if (settings.base_url or "").startswith("https:"):
        detail = f"{len(settings.proxies)} believed about the addresses of people"
        yield Finding("proxies", bool(settings.proxies), detail, "name yours in DUBAN_PROXIES")
    if settings.oidc and not settings.jurisdiction:
        yield _provider(settings, settings.oidc)


def _mail(settings: Settings) -> Finding:
    """Return whether a real mail server is given an address of this office as the sender."""
    scheme, domain = settings.mail_url.partition(":")[0], settings.sender.rpartition("@")[2]
    is_real = scheme == "file" or domain != "localhost"
    mend = "DUBAN_MAIL_FROM names an address of your own domain"
    return Finding("mail", is_real, f"{scheme}, from {settings.mail_from}", mend)


def _bounces(settings: Settings) -> Finding:
    """Return whether the mailbox of undelivered letters can be opened."""
    mend = "DUBAN_BOUNCES names it, with user and password"
    source = mailbox(settings, on=now_utc().date())
    if source is None:
        return Finding("bounces", ok=True, detail="no mailbox is read: DUBAN_BOUNCES is not set")
    try:
        with source:
            return Finding("bounces", ok=True, detail="the mailbox can be read")
    except UnreadableSourceError as error:
        return Finding("bounces", ok=False, detail=str(error.values["reason"]), mend=mend)


def _provider(settings: Settings, oidc: Oidc) -> Finding:
    """Return whether all offices with a desk may use the provider, each with its own logins."""
    others = [each.id for each in jurisdictions.listed(settings)[1:] if each.address]
    without = [] if oidc.is_per_office else others
    detail = f"{oidc.issuer}, not for {', '.join(without)}" if without else oidc.issuer
    mend = "a claim for each office: {office} in DUBAN_OIDC_CLAIM"
    return Finding("provider", not without, detail, mend)


def _versions() -> str:
    parts = {name: version(name) for name in ("duban", "prefect", "sqlmodel", "apprise")}
    python = {"python": platform.python_version(), "sqlite": health.SQLITE}
    return ", ".join(f"{name} {number}" for name, number in (parts | python).items())


def _ledger(ledger: Ledger, conn: Connection) -> Iterator[Finding]:
    yield _history(conn, ledger.settings.home)
    checked = last_check(conn)
    detail = checked.payload["findings"][0] if checked else "no share of the week was wrong"
    mend = "see duban verify; duban verify --mend sets derived columns right"
    yield Finding("check", checked is None, detail, mend)
    yield _clock(conn)
    yield _homes(conn, ledger.settings.installation)
    strays = sum(1 for _ in ledger.evidence.strays(conn))
    detail = f"{strays} files that no entry names"
    mend = f"an upload under way, or left by a crash; look under {ledger.evidence.root}"
    yield Finding("evidence", not strays, detail, mend)
    mends = {state: f"duban notices --state {state}" for state in ("dead", "bounced")}
    for state, mend in (*mends.items(), ("draft", "release or leave them")):
        count = len(messages.listed(conn, state=state))
        yield Finding(f"{state} mail", state == "draft" or not count, f"{count} messages", mend)
    for stop in channel_stops.current(conn).values():
        words = STOPS[stop.kind].format(
            since=f"{stop.since:%Y-%m-%d %H:%M} UTC", reason=stop.reason
        )
        detail = f"{stop.channel}: {words}"
        mend = f"put the cause right, then duban notice resume {stop.channel}"
        yield Finding("channel", ok=False, detail=detail, mend=mend)


def _history(conn: Connection, home: Path) -> Finding:
    """Return whether the anchors are there and the history holds them."""
    detail = f"{chain.head(conn).entries} entries, {len(on_file(home).anchors)} anchors"
    difference = anchor_checks.compare(conn, home)
    if difference.contradicted:
        first = difference.contradicted[0]
        detail += f"; the anchor of {first.on} ({first.entries} entries) does not hold"
        mend = "an older or another database: restore a backup, or duban anchors accept"
        return Finding("history", ok=False, detail=detail, mend=mend)
    if faults := [fault.what for fault in anchor_checks.faults_of(difference, conn, home)]:
        detail += f"; {faults[0]}"
        mend = "put the file back from its copy or a backup, or duban anchors accept"
        return Finding("history", ok=False, detail=detail, mend=mend)
    return Finding("history", ok=True, detail=detail)


def _plans(conn: Connection, settings: Settings) -> Iterator[Finding]:
    every = editions.all_in_force(conn)
    if not every:
        yield Finding("plans", ok=False, detail="none in force", mend="duban plan publish PLAN")
    offices_of_plans = set()
    for row in every:
        yield _swept(conn, row)
        edition = in_force(conn, row.plan)
        offices_of_plans.add(edition.plan.office)
        empty = without_address(conn, edition)
        detail = f"{row.plan}: {len(empty)} positions without an address{_some(empty)}"
        first = next(iter(empty), "/").replace("/", " ")
        yield Finding("positions", not empty, detail, f"duban agency contact {first} ADDRESS")
        yield _groups(conn, row.plan)
    for office in sorted(offices_of_plans):
        yield from _answers(conn, settings, office)
    yield from _contacts(conn, settings)
    if any(not edition.is_demo for edition in every):
        count = len(reviewers(conn))
        detail = f"{count} addresses that get the anchors of the history"
        mend = "duban agency contact AGENCY reviewer ADDRESS"
        yield Finding("reviewers", bool(count), detail, mend)


def _answers(conn: Connection, settings: Settings, office: str) -> Iterator[Finding]:
    """Yield whether the recipients of letters can answer: by link, by mail, or by telephone."""
    name, telephone = contacts.person(conn, office, contacts.OFFICER)
    mend = f"duban agency contact {office} officer --person NAME --telephone NUMBER"
    detail = f"{office}: {name or 'no contact person'}, {telephone or 'no telephone'} in letters"
    yield Finding("person", bool(name and telephone), detail, mend)
    reply_to = contacts.reply_to(conn, settings, office)
    mend = f"DUBAN_REPLY_TO, or duban agency contact {office} officer ADDRESS"
    yield Finding("reply-to", bool(reply_to), reply_to or "answers to letters go nowhere", mend)


def _contacts(conn: Connection, settings: Settings) -> Iterator[Finding]:
    """Yield whether what is recorded would be recorded today, and whether letters have a link."""
    refused = flaws(conn, settings)
    gone = [flaw for flaw in refused if flaw.lacks_channel]
    places = [f"{flaw.recipient} by {flaw.channel}" for flaw in gone]
    detail = f"{len(gone)} contacts on a channel that is not set up{_some(places)}"
    mend = "set it up in DUBAN_CHANNELS, or duban agency contact AGENCY POSITION --channel C --end"
    yield Finding("channels", not gone, detail, mend)
    wrong = [str(flaw.error) for flaw in refused if not flaw.lacks_channel]
    detail = f"{len(wrong)} contacts that letters cannot reach{_some(wrong)}"
    yield Finding("addresses", not wrong, detail, "duban agency contact AGENCY POSITION ADDRESS")
    detail = settings.base_url or "letters have no link to the desk"
    yield Finding("desk", bool(settings.base_url), detail, "set DUBAN_BASE_URL")


def _some(names: Sequence[str]) -> str:
    """Return the first of the names for a line, and how many more there are."""
    if not names:
        return ""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f": {', '.join(names[:MOST_NAMED])}{more}"


def _groups(conn: Connection, plan: str) -> Finding:
    """Return whether the bodies of every open group with duties have been named."""
    groups = agencies.unnamed(conn, plan)
    detail = f"{plan}: {len(groups)} open groups whose bodies are not named, nobody gets their mail"
    mend = f"duban agency name {next(iter(groups), '')} --bodies A,B --document TEXT"
    return Finding("groups", not groups, detail, mend)


def _others(settings: Settings) -> Iterator[Finding]:
    """Yield the state of each other jurisdiction, for the main one's administrator."""
    if settings.jurisdiction:
        return
    for office in islice(offices(settings, now_utc()), 1, None):
        name = office.jurisdiction.id
        detail = f"{name}: {_last(office.swept_through)}, plans: {', '.join(office.plans)}"
        mend = f"DUBAN_JURISDICTION={name} duban doctor"
        if office.problem:
            detail = f"{name}: {office.problem}"
        yield Finding("jurisdiction", office.is_well, detail, mend)


def _last(swept_through: dt.date | None) -> str:
    return f"last swept for {swept_through}" if swept_through else "not swept yet"


def _swept(conn: Connection, edition: editions.Edition) -> Finding:
    zone, at = today.zone(conn), now_utc()
    detail = f"{edition.plan}: {_last(edition.swept_through)}"
    if is_ahead(edition, zone, at):
        mend = "set the clock right, then duban verify --mend; nothing is swept until that day"
        return Finding("sweep", ok=False, detail=f"{detail}, which has not come yet", mend=mend)
    fresh = not is_unswept(edition, zone, at)
    return Finding("sweep", fresh, detail, "is duban up running? duban sweep catches up")


def _clock(conn: Connection) -> Finding:
    """Return whether the last entry lies ahead of this machine's clock."""
    last = journal.last_at(conn)
    is_right = last is None or last <= now_utc() + SKEW
    detail = f"last entry recorded at {last}" if last else "no entry"
    mend = "ahead of this machine: its clock is wrong, or was when that was recorded"
    return Finding("clock", is_right, detail, mend)


def _homes(conn: Connection, home: Path) -> Finding:
    """Return whether another home works on this ledger, or a copy of this one."""
    doubles = list(homes.doubles(conn, home, now_utc().date()))
    detail = "; ".join(doubles) or "no other works on this ledger"
    return Finding("homes", not doubles, detail, "two of one send everything twice")
