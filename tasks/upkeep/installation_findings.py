"""Findings about the installation: versions, home, mail, provider, and its other offices."""

from __future__ import annotations

import platform
import shutil
import stat
from importlib.metadata import version
from itertools import islice
from typing import TYPE_CHECKING

from ledger.offices import jurisdictions
from ledger.plans import editions
from ledger.store import health
from ledger.store.file_modes import readable
from tasks.incoming.mailbox import mailbox
from tasks.incoming.source import UnreadableSourceError
from tasks.offices.survey import offices
from tasks.time_limit import OutOfTimeError, within
from tasks.upkeep import backups
from tasks.upkeep.finding import Finding

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.session import Connection, Ledger
    from ledger.settings import Oidc, Settings

LONGEST = 10.0  # seconds for opening the mailbox of undelivered letters
GB = 1024**3
LEAST_FREE, LEAST_SHARE = GB, 0.03  # of the disk
CHANNELS = "/settings/channels"


def of_installation(settings: Settings, at: dt.datetime) -> Iterator[Finding]:
    """Yield the findings that need no ledger."""
    yield Finding("versions", ok=True, says="as-is", values={"text": _versions()})
    mode = stat.S_IMODE(settings.home.stat().st_mode)
    files = tuple(path.name for path in readable(settings))
    values = {"home": settings.home, "mode": f"{mode:o}", "files": ", ".join(files)}
    says = "home-readable" if files else "home"
    yield Finding("home", not files and not mode & 0o077, says, values, "chmod 700: it is private")
    yield _disk(settings)
    yield _mail(settings)
    if not settings.jurisdiction:
        yield _bounces(settings, at)
    if (settings.base_url or "").startswith("https:"):
        values = {"count": len(settings.proxies)}
        mend = "name yours in DUBAN_PROXIES"
        yield Finding("proxies", bool(settings.proxies), "proxies", values, mend)
    if settings.oidc and not settings.jurisdiction:
        yield _provider(settings, settings.oidc)


def of_backups(ledger: Ledger, conn: Connection, at: dt.datetime) -> Finding:
    """Return whether the last backup is recent; a demonstration or a new ledger needs none."""
    last, since = backups.last(ledger.settings), _in_use_since(conn)
    mend = "duban backup FILE, best every night: deploy/systemd/duban-backup.timer"
    needs_none = since is None or at - since <= backups.RECENT
    if last is None:
        return Finding("backup", needs_none, "backup-none", {}, mend, "/settings/backup")
    finished = f"{last.at:%Y-%m-%d %H:%M} UTC"
    values = {"file": last.name, "at": finished, "days": max((at - last.at).days, 0)}
    is_fine = needs_none or at - last.at <= backups.RECENT
    return Finding("backup", is_fine, "backup", values, mend, "/settings/backup")


def _in_use_since(conn: Connection) -> dt.datetime | None:
    """Return the instant of the first plan that is no demonstration."""
    real = [each.published_at for each in editions.all_in_force(conn) if not each.is_demo]
    return min(real, default=None)


def of_other_offices(settings: Settings, at: dt.datetime) -> Iterator[Finding]:
    """Yield the state of each other jurisdiction, for the main one's administrator."""
    if settings.jurisdiction:
        return
    for office in islice(offices(settings, at), 1, None):
        name, swept = office.jurisdiction.id, office.swept_through
        values = {"name": name, "plans": ", ".join(office.plans), "on": swept}
        says = "office-swept" if swept else "office-unswept"
        if office.problem:
            says, values = "office-problem", {"name": name, "problem": office.problem}
        mend = f"DUBAN_JURISDICTION={name} duban doctor"
        yield Finding("jurisdiction", office.is_well, says, values, mend)


def _disk(settings: Settings) -> Finding:
    """Return whether the disk of the home has room: a backup needs as much again."""
    usage = shutil.disk_usage(settings.home)
    values = {"free": f"{usage.free / GB:.1f}", "total": f"{usage.total / GB:.1f}"}
    has_room = usage.free > LEAST_FREE and usage.free > LEAST_SHARE * usage.total
    return Finding("disk", has_room, "disk", values, "make room before letters and backups stop")


def _mail(settings: Settings) -> Finding:
    """Return whether a real mail server is given an address of this office as the sender."""
    scheme, domain = settings.mail_url.partition(":")[0], settings.sender.rpartition("@")[2]
    is_real = scheme == "file" or domain != "localhost"
    mend = "DUBAN_MAIL_FROM names an address of your own domain"
    values = {"scheme": scheme, "sender": settings.mail_from}
    return Finding("mail", is_real, "mail", values, mend, CHANNELS)


def _bounces(settings: Settings, at: dt.datetime) -> Finding:
    """Return whether the mailbox of undelivered letters can be opened in good time."""
    source = mailbox(settings, on=at.date())
    if source is None:
        return Finding("bounces", ok=True, says="bounces-none")

    def opened() -> None:
        with source:
            pass

    try:
        within(LONGEST, opened)
    except OutOfTimeError as error:
        reason = str(error)
    except UnreadableSourceError as error:
        reason = str(error.values["reason"])
    else:
        return Finding("bounces", ok=True, says="bounces")
    values, mend = {"reason": reason}, "DUBAN_BOUNCES names it, with user and password"
    return Finding(
        "bounces", ok=False, says="bounces-unreadable", values=values, mend=mend, page=CHANNELS
    )


def _provider(settings: Settings, oidc: Oidc) -> Finding:
    """Return whether all offices with a desk may use the provider, each with its own logins."""
    others = [each.id for each in jurisdictions.listed(settings)[1:] if each.address]
    without = [] if oidc.is_per_office else others
    values = {"issuer": oidc.issuer, "offices": ", ".join(without)}
    says = "provider-lacks" if without else "provider"
    mend = "a claim for each office: {office} in DUBAN_OIDC_CLAIM"
    return Finding("provider", not without, says, values, mend)


def _versions() -> str:
    parts = {name: version(name) for name in ("duban", "prefect", "sqlmodel", "apprise")}
    python = {"python": platform.python_version(), "sqlite": health.SQLITE}
    return ", ".join(f"{name} {number}" for name, number in (parts | python).items())
