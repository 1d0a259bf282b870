"""Events of a run in Prefect, for automations to react to; the facts are in the ledger.

A run emits at most one event of a kind; `duban.escalated` alone is one a duty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from prefect.events import emit_event
from prefect.logging import get_run_logger

from flows.run.runs import named
from ledger.post import messages
from ledger.proof import anchor_checks, journal
from tasks.in_force import in_force
from tasks.proof.daily_check import last_check

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from ledger.proof.journal import Condition
    from ledger.session import Connection, Ledger
    from tasks.tick import Counts, Tick

MOST_EVENTS = 100  # of one run: a first catch-up of years must not flood the event log
FIRST = 5  # subjects named in the one event of a kind


class News(NamedTuple):
    """The one event of a kind: its resource, how many subjects it has, and the first of them."""

    name: str
    resource: str
    number: int
    about: Sequence[str]
    plan: str = ""


def announce_sweep(ledger: Ledger, tick: Tick, after: int, totals: Counts) -> None:
    """Emit what the sweep has recorded since entry `after`, and what its check counts as wrong."""
    _announce_escalated(ledger, tick, after)
    _announce(ledger, tick.on, of_sweep(ledger, tick, after, wrong=totals["wrong"]))


def announce_delivery(ledger: Ledger, on: dt.date, after: int) -> None:
    """Emit the letters undeliverable and channels stopped since `after`, and a refused ledger."""
    _announce(ledger, on, of_delivery(ledger, after))


def announce_incoming(ledger: Ledger, on: dt.date, after: int) -> None:
    """Emit the letters that came back since entry `after`."""
    _announce(ledger, on, of_incoming(ledger, after))


def of_sweep(ledger: Ledger, tick: Tick, after: int, *, wrong: int) -> list[News]:
    """Return the news of a sweep of which the check counted so much as `wrong`."""
    with ledger.read() as conn:
        ladders = in_force(conn, tick.plan).ladders.values()
        pace = {r.name for ladder in ladders for r in ladder.rungs if r.when == "pace"}
        recorded = {
            "escalations": journal.of_duties(tick.plan, "escalated", after=after),
            "behind": journal.of_rungs(tick.plan, pace, after=after),
        }
        resource = f"plan.{named(ledger.settings.jurisdiction, tick.plan)}"
        news = [
            News(name, resource, journal.count(conn, *where), _first(conn, where), tick.plan)
            for name, where in recorded.items()
        ]
        return [each for each in [*news, _tampering(ledger, conn, wrong)] if each.number]


def of_delivery(ledger: Ledger, after: int) -> list[News]:
    """Return the news of a round: who was not reached, what stopped, whether no write is taken."""
    where = [*journal.past(after), *journal.where(deed="dead")]
    stopped = [*journal.past(after), *journal.where(deed="channel-stopped")]
    with ledger.read() as conn:
        about = messages.recipients(conn, _first(conn, where))
        dead = News("dead", _here(ledger, "outbox"), journal.count(conn, *where), about)
        stops = _stops(ledger, conn, stopped)
        return [each for each in (dead, stops, _tampering(ledger, conn, 0)) if each.number]


def _stops(ledger: Ledger, conn: Connection, where: Sequence[Condition]) -> News:
    """Return the channels that stopped, each with its reason."""
    entries = journal.chosen(conn, *where, limit=FIRST, oldest_first=True)
    about = [f"{entry.subject}: {entry.payload['reason']}" for entry in entries]
    return News("stopped", _here(ledger, "outbox"), journal.count(conn, *where), about)


def of_incoming(ledger: Ledger, after: int) -> list[News]:
    """Return the news of what came back: the addresses that did not get a letter."""
    where = [*journal.past(after), *journal.where(deed="bounced")]
    with ledger.read() as conn:
        entries = journal.chosen(conn, *where, limit=FIRST, oldest_first=True)
        about = [entry.payload["address"] for entry in entries]
        bounced = News("bounced", _here(ledger, "incoming"), journal.count(conn, *where), about)
        return [bounced] if bounced.number else []


def _tampering(ledger: Ledger, conn: Connection, wrong: int) -> News:
    """Return what the check found, or why the anchors refuse every write."""
    if refusal := anchor_checks.halt(conn, ledger.settings.home):
        reason = refusal.in_language(ledger.settings.lang)
        return News("tampered", _here(ledger, "ledger"), max(wrong, 1), [reason])
    check = last_check(conn) if wrong else None
    findings = check.payload["findings"][:FIRST] if check else []
    return News("tampered", _here(ledger, "ledger"), wrong, findings)


def _first(conn: Connection, where: Sequence[Condition]) -> list[str]:
    entries = journal.chosen(conn, *where, limit=FIRST, oldest_first=True)
    return [entry.subject for entry in entries]


def _here(ledger: Ledger, resource: str) -> str:
    return f"{resource}.{ledger.settings.jurisdiction}".rstrip(".")


def _announce_escalated(ledger: Ledger, tick: Tick, after: int) -> None:
    """Emit `duban.escalated` for each duty, at most MOST_EVENTS; the log counts the rest."""
    where = journal.of_duties(tick.plan, "escalated", after=after)
    with ledger.read() as conn:
        count = journal.count(conn, *where)
        entries = journal.chosen(conn, *where, limit=MOST_EVENTS, oldest_first=True)
    here = ledger.settings.jurisdiction
    for entry in entries:
        rung = {"rung": entry.payload["rung"]}
        _emit(here, "escalated", f"duty.{named(here, entry.subject)}", rung, plan=tick.plan)
    if count > len(entries):
        get_run_logger().warning("%d more escalated without an event", count - len(entries))


def _announce(ledger: Ledger, on: dt.date, news: Sequence[News]) -> None:
    here = ledger.settings.jurisdiction
    for each in news:
        payload = {"day": on.isoformat(), "office": here, "number": each.number}
        payload |= {"about": list(each.about)}
        _emit(here, each.name, each.resource, payload, plan=each.plan)


def _emit(
    jurisdiction: str, name: str, resource: str, payload: dict[str, Any], *, plan: str = ""
) -> None:
    related = {"plan": plan and named(jurisdiction, plan), "jurisdiction": jurisdiction}
    emit_event(
        f"duban.{name}",
        resource={"prefect.resource.id": f"duban.{resource}"},
        related=[
            {"prefect.resource.id": f"duban.{role}.{which}", "prefect.resource.role": role}
            for role, which in related.items()
            if which
        ],
        payload=payload,
    )
