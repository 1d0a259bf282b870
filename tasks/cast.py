"""The cast of the demonstration: agencies that act by script, the same way every time."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Literal, NamedTuple

from catalog.ladder import rung_of
from ledger import duties, notices
from tasks import deeds, notice
from tasks.contacts import Contact, reach
from tasks.deeds import Deed
from tasks.tick import Counts

if TYPE_CHECKING:
    from catalog.plan import Plan
    from catalog.workdays import Workdays
    from ledger.duties import Held
    from ledger.session import Ledger
    from tasks.contacts import Position
    from tasks.editions import InForce
    from tasks.tick import Tick

Temper = Literal["prompt", "late", "silent"]

# Who plays what; everybody else is prompt. Invented for the demonstration, and says nothing about
# how these agencies worked.
TEMPERS: dict[str, Temper] = {
    "zhaoqing": "silent",
    "foshan": "late",
    "jiangmen": "late",
    "economy": "late",
    "ports": "late",
}
POSITIONS: tuple[Position, ...] = ("officer", "head", "leader")
REVIEW = 3  # working days the office takes to close a filed duty


class Part(NamedTuple):
    """The days on which one duty's performer acts, if it acts at all."""

    signs_on: dt.date
    files_on: dt.date
    items: int


def introduce(ledger: Ledger, plan: Plan, *, at: dt.datetime) -> None:
    """Give every position of the plan's agencies an address that leads nowhere (.invalid)."""
    found = [
        Contact(a.id, position, "mail", f"{position}.{a.id}@demo.invalid")
        for a in plan.agencies
        if a.kind != "open-group"
        for position in POSITIONS
    ]
    reach(ledger, found, at=at, actor="demo")


def act(ledger: Ledger, held: InForce, tick: Tick) -> Counts:
    """Let everyone do what their part asks for by the day of `tick`; nobody works on a day off."""
    counts = Counts()
    if not held.workdays.is_workday(tick.on):
        return counts
    with ledger.read() as conn:
        running = [d for d in duties.listed(conn, plan=tick.plan) if _running(d)]
        drafts = notices.listed(conn, state="draft", plan=tick.plan)
    for duty in running:
        counts.update(_perform(ledger, duty, held.workdays, tick))
    for draft in drafts:
        counts.update(_release(ledger, draft, held, tick))
    return counts


def part(duty: Held, workdays: Workdays) -> Part | None:
    """Return when the performer of `duty` acts, by its temper and the duty's key; None if never."""
    temper = TEMPERS.get(duty.performer, "prompt")
    spread = int(hashlib.sha256(duty.key.encode()).hexdigest()[:8], 16) % 10
    needed = duty.quota_min or 0
    if temper == "silent":
        return None
    if temper == "late" or spread == 0:
        files_on = workdays.roll_forward(duty.due_on + dt.timedelta(3 + 2 * spread))
        return Part(workdays.add(duty.opens_on, 7), files_on, needed)
    files_on = workdays.roll_back(duty.due_on - dt.timedelta(2 + spread))
    signs_on = workdays.add(duty.opens_on, 1 + spread % 3)
    return Part(signs_on, max(files_on, signs_on), needed)


def _running(duty: Held) -> bool:
    return duty.opened_on is not None and duty.closed_on is None


def _perform(ledger: Ledger, duty: Held, workdays: Workdays, tick: Tick) -> Counts:
    script, counts = part(duty, workdays), Counts()
    if script is None:
        return counts
    deed = Deed(f"{duty.performer}/officer", tick.on, tick.at)
    if duty.acknowledged_on is None and tick.on >= script.signs_on:
        deeds.acknowledge(ledger, duty.key, deed)
        counts["acknowledged"] += 1
    for _ in range(duty.delivered, _items_by(duty, script, tick.on)):
        deeds.deliver_item(ledger, duty.key, deed, title=f"(演示){duty.title}")
        counts["delivered"] += 1
    if duty.filed_on is None and tick.on >= script.files_on:
        deeds.file(ledger, duty.key, deed, summary=f"(演示數據)已完成:{duty.title}")
        counts["filed"] += 1
    elif duty.filed_on is not None and tick.on >= workdays.add(duty.filed_on, REVIEW):
        deeds.close(ledger, duty.key, deed._replace(actor="office/officer"))
        counts["closed"] += 1
    return counts


def _items_by(duty: Held, script: Part, on: dt.date) -> int:
    """Return how many items of the quota are done by `on`: evenly until the day of filing."""
    if on >= script.files_on:
        return script.items
    span = (script.files_on - duty.opens_on).days
    return script.items * (on - duty.opens_on).days // span if span > 0 else 0


def _release(ledger: Ledger, draft: notices.Notice, held: InForce, tick: Tick) -> Counts:
    """Release an amber slip the working day after it was drafted; red ones wait for a person."""
    rung = rung_of(held.plan.ladder, draft.rung)
    if rung.light != "amber" or tick.on < held.workdays.add(draft.on, 1):
        return Counts()
    notice.release(ledger, draft.id, on=tick.on, at=tick.at, actor="office/officer")
    return Counts(released=1)
