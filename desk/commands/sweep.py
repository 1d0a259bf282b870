"""`duban sweep` and `duban deliver`: one tick by hand, without Prefect."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Annotated

from cyclopts import Parameter

from catalog.wording import say
from desk.commands.options import (
    Day,
    DryRun,
    Json,
    day_or_today,
    instant,
    local_user,
    open_ledger,
    open_offices,
    plans_in_scope,
)
from desk.commands.output import hint, put_json, put_line
from ledger.post import letters
from ledger.settings import Settings, command_language
from tasks import today
from tasks.clock import now_utc
from tasks.incoming.mailbox import mailbox
from tasks.incoming.reading import read
from tasks.incoming.source import UnreadableSourceError
from tasks.post.deliver import deliver as deliver_round
from tasks.sweep.brake import brake
from tasks.sweep.sweep import sweep_and_check
from tasks.tick import Counts, Tick, UnfinishedError

Confirm = Annotated[
    bool,
    Parameter(
        name="--confirm",
        negative="",
        help="The day is right, though ahead or far from the last sweep; and so are many slips.",
    ),
]
SWEPT = (
    "scheduled",
    "opened",
    "reminded",
    "escalated",
    "coalesced",
    "drafted",
    "held",
    "left",
    "wrong",
)
DELIVERED = ("sent", "superseded", "dead", "failed", "put_back", "waiting", "bounced")


def sweep(
    *,
    plan: str | None = None,
    on: Day | None = None,
    confirm: Confirm = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> int:
    """Sweep every plan in force once, or PLAN, up to a day (default: today in its zone).

    Afterwards a share of what drives the engine is checked. Ends with 6 when something is wrong,
    when slips wait to be confirmed because they are many at once, and when a sweep has taken all
    its time; the next one goes on where it stopped.
    """
    rows: list[dict[str, object]] = []
    unfinished_plans: list[str] = []
    wrong = waiting = 0
    with open_ledger(dry_run=dry_run) as ledger:
        for code in plans_in_scope(ledger, plan):
            now = today.now(ledger, code, now_utc)
            confirmed = local_user() if confirm else ""
            tick = Tick(code, on or now.on, now.at, confirmed=confirmed)
            brake(ledger, replace(tick, actor=local_user()), confirmed=confirm)
            try:
                counts = sweep_and_check(ledger, tick)
            except UnfinishedError as unfinished:
                hint(str(unfinished))
                counts = Counts(left=unfinished.values["left"])
                unfinished_plans.append(code)
            wrong += counts["wrong"]
            waiting += counts["held"]
            rows.append({"plan": code, "on": tick.on, **_figures(counts, SWEPT)})
    _put(rows, as_json=as_json, dry_run=dry_run)
    if wrong:
        hint("something that drives the engine or lets people in is wrong: see duban verify")
    if waiting:
        hint(say(command_language(), "error.slips-held", count=waiting))
    return 6 if unfinished_plans or wrong or waiting else 0


def deliver(*, on: Day | None = None, dry_run: DryRun = False, as_json: Json = False) -> int:
    """Deliver the letters of the outbox, then read those that came back.

    Ends with 6 when one could not be delivered or came back, or the mailbox could not be read.
    """
    with open_ledger() as ledger:
        day = day_or_today(ledger, on)
        if dry_run:
            with ledger.read() as conn:
                counts = Counts(waiting=letters.waiting(conn, day))
        else:
            counts = deliver_round(ledger, on=day, clock=now_utc)
            counts.update(_incoming(ledger.settings, day))
    _put([{"on": day, **_figures(counts, DELIVERED)}], as_json=as_json, dry_run=dry_run)
    wanting = ("dead", "failed", "put_back", "bounced", "unread")
    return 6 if any(counts[name] for name in wanting) else 0


def _incoming(settings: Settings, on: dt.date) -> Counts:
    """Read the mailbox of bounces for all offices; where it cannot be read the rest counts."""
    source = None if settings.jurisdiction else mailbox(settings, on=on)
    if source is None:
        return Counts()
    try:
        with open_offices() as ledgers:
            return read(source, ledgers, instant, left=hint)
    except UnreadableSourceError as error:
        hint(error.in_language(command_language()))
        return Counts(unread=1)


def _figures(counts: Counts, names: tuple[str, ...]) -> dict[str, int]:
    return {name: counts[name] for name in names}


def _put(rows: list[dict[str, object]], *, as_json: bool, dry_run: bool) -> None:
    if as_json:
        put_json(rows[0] if len(rows) == 1 else rows)
        return
    for row in rows:
        put_line("  ".join(f"{name} {value}" for name, value in row.items()))
    if dry_run:
        hint("dry run: nothing was changed")
