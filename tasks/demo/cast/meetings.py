"""Meetings of the demonstration: planned, one moved, answered, held, and decisions made duties."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zlib import crc32

from ledger.duties import assignments, duties
from ledger.duties.meetings import planning as planning_of
from tasks.deeds.held_days import is_single_meeting
from tasks.deeds.meetings import answer_meeting, plan_meeting
from tasks.demo.cast.story import DECISIONS, MOVED
from tasks.meetings.attendance import attendance
from tasks.plans.assigning import Order, assign
from tasks.tick import Counts

if TYPE_CHECKING:
    from tasks.demo.cast.scene import Scene

AHEAD = 15  # working days between the announcement and the meeting
PROPOSED = 25  # the same of one that is proposed first, and then moved
EARLIER = 5  # working days from its proposed day to the one on which it is held
ANSWERS = 2  # working days from an invitation to the answers
MINUTES = -2  # working days from the filing back to the meeting
PLACE, CHAIR = "(演示)省外經貿廳會議室", "(演示)分管副廳長"
BUSY = "(演示)當日另有會議"
# One in seven says nothing, does not come, or does not know yet; the others come.
REPLIES = ("", "declined", "tentative", *["accepted"] * 4)


def announce(scene: Scene) -> Counts:
    """Plan a meeting without a quota three weeks before it; one is proposed earlier, and moved."""
    day = held_on(scene)
    if day is None or scene.on >= day or scene.duty.planned_on == day:
        return Counts()
    before = scene.edition.workdays.add
    if before(day, -AHEAD) <= scene.on:
        return _plan(scene, day)
    proposed = before(day, -EARLIER)
    is_due = scene.duty.key in MOVED and before(day, -PROPOSED) <= scene.on < proposed
    return (
        _plan(scene, proposed, tentative=True) if is_due and not scene.duty.planned_on else Counts()
    )


def _plan(scene: Scene, day: dt.date, *, tentative: bool = False) -> Counts:
    plan_meeting(
        scene.ledger,
        scene.duty.key,
        scene.performer(),
        day=day,
        time="09:00",
        end="11:30",
        place=PLACE,
        chair=CHAIR,
        tentative=tentative,
    )
    return Counts(planned=1)


def answer(scene: Scene) -> Counts:
    """Answer the invitation to a planned meeting, as those who are invited do after two days."""
    duty, counts = scene.duty, Counts()
    if duty.planned_on is None or scene.on >= duty.planned_on:
        return counts
    with scene.ledger.read() as conn:
        planning = planning_of(conn, duty.key)
        if planning is None or not scene.past(planning.recorded_at.date(), ANSWERS):
            return counts
        lines = attendance(conn, duty, planning, on=scene.on)
    for line in lines:
        reply = REPLIES[crc32(f"{duty.key} {line.agency}".encode()) % len(REPLIES)]
        if reply and (line.is_outdated or not line.answer):
            text = BUSY if reply == "declined" else ""
            by = scene.by(line.agency)
            answer_meeting(scene.ledger, duty.key, by, answer=reply, text=text)
            counts["answered"] += 1
    return counts


def held_on(scene: Scene) -> dt.date | None:
    """Return the day of a meeting without a quota, shortly before its filing; None for others."""
    duty, workdays = scene.duty, scene.edition.workdays
    if not is_single_meeting(duty):
        return None
    day = workdays.add(scene.script.files_on, MINUTES)
    return max(workdays.roll_back(min(day, duty.covers_until or day)), duty.opens_on)


def decide(scene: Scene) -> Counts:
    """Assign what the meeting decided, once its minutes are filed."""
    duty, plan = scene.duty, scene.edition.plan.plan
    decisions = DECISIONS.get(duty.key, ())
    if not decisions:
        return Counts()
    with scene.ledger.read() as conn:
        if duties.count(conn, assignments.decided_in(duty.key)):
            return Counts()
    for decision in decisions:
        order = Order(
            title=decision.title,
            to=decision.to,
            due_on=scene.edition.workdays.roll_forward(scene.on + dt.timedelta(decision.days)),
            participants=decision.participants,
            meeting=duty.key,
        )
        assign(scene.ledger, plan, scene.office(), order)
    return Counts(assigned=len(decisions))
