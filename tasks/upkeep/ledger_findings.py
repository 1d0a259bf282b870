"""Findings about the ledger: its history, clock, homes, evidence, letters and channels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog.dates.days import SKEW
from ledger.offices import homes
from ledger.post import channel_stops, messages
from ledger.proof import anchor_checks, chain, journal
from ledger.proof.anchors import on_file
from tasks.proof.daily_check import last_check
from tasks.upkeep.finding import Finding

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from ledger.session import Connection, Ledger


def of_ledger(ledger: Ledger, conn: Connection, at: dt.datetime) -> Iterator[Finding]:
    """Yield the findings about the ledger that `conn` reads."""
    yield _history(conn, ledger.settings.home)
    checked = last_check(conn)
    mend = "see duban verify; duban verify --mend sets derived columns right"
    says = "check-wrong" if checked else "check"
    values = {"finding": checked.payload["findings"][0]} if checked else {}
    yield Finding("check", checked is None, says, values, mend)
    yield _clock(conn, at)
    yield _homes(conn, ledger.settings.installation, at.date())
    strays = sum(1 for _ in ledger.evidence.strays(conn))
    mend = f"an upload under way, or left by a crash; look under {ledger.evidence.root}"
    yield Finding("evidence", not strays, "evidence", {"count": strays}, mend)
    yield from _letters(conn)
    for stop in channel_stops.current(conn).values():
        since = f"{stop.since:%Y-%m-%d %H:%M} UTC"
        values = {"channel": stop.channel, "since": since, "reason": stop.reason}
        mend = f"put the cause right, then duban notice resume {stop.channel}"
        yield Finding(
            "channel",
            ok=False,
            says=f"channel-{stop.kind}",
            values=values,
            mend=mend,
            page="/settings/channels",
        )


def _letters(conn: Connection) -> Iterator[Finding]:
    mends = {state: f"duban notices --state {state}" for state in ("dead", "bounced")}
    for state, mend in (*mends.items(), ("draft", "release or leave them")):
        values = {"count": messages.count(conn, state=state)}
        is_fine = state == "draft" or not values["count"]
        page = "" if state == "draft" else f"/outbox?state={state}"
        yield Finding(f"{state} mail", is_fine, f"mail-{state}", values, mend, page)


def _history(conn: Connection, home: Path) -> Finding:
    """Return whether the anchors are there and the history holds them."""
    values: dict[str, Any] = {
        "entries": chain.head(conn).entries,
        "anchors": len(on_file(home).anchors),
    }
    difference = anchor_checks.compare(conn, home)
    if difference.contradicted:
        first = difference.contradicted[0]
        values |= {"on": first.on, "counts": first.entries}
        mend = "an older or another database: restore a backup, or duban anchors accept"
        return Finding("history", ok=False, says="history-contradicted", values=values, mend=mend)
    if faults := [fault.what for fault in anchor_checks.faults_of(difference, conn, home)]:
        mend = "put the file back from its copy or a backup, or duban anchors accept"
        return Finding(
            "history",
            ok=False,
            says="history-fault",
            values={**values, "fault": faults[0]},
            mend=mend,
        )
    return Finding("history", ok=True, says="history", values=values)


def _clock(conn: Connection, at: dt.datetime) -> Finding:
    """Return whether the last entry lies ahead of this machine's clock."""
    last = journal.last_at(conn)
    is_right = last is None or last <= at + SKEW
    mend = "ahead of this machine: its clock is wrong, or was when that was recorded"
    values = {"at": f"{last:%Y-%m-%d %H:%M:%S} UTC"} if last else {}
    return Finding("clock", is_right, "clock" if last else "clock-none", values, mend)


def _homes(conn: Connection, home: Path, on: dt.date) -> Finding:
    """Return whether another home works on this ledger, or a copy of this one."""
    doubles = list(homes.doubles(conn, home, on))
    says = "homes-double" if doubles else "homes"
    values = {"doubles": "; ".join(doubles)}
    return Finding("homes", not doubles, says, values, "two of one send everything twice")
