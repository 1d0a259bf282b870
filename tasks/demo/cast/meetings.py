"""Meetings of the demonstration: announced, held, and decisions made duties."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ledger.duties import assignments, duties
from tasks.deeds.held_days import is_single_meeting
from tasks.deeds.meetings import plan_meeting
from tasks.demo.cast.story import DECISIONS
from tasks.plans.assigning import Order, assign
from tasks.tick import Counts

if TYPE_CHECKING:
    from tasks.demo.cast.scene import Scene

AHEAD = 15  # working days between the announcement and the meeting
MINUTES = -2  # working days from the filing back to the meeting
PLACE = "(演示)省外經貿廳會議室"


def announce(scene: Scene) -> Counts:
    """Announce the day and the place of a meeting without a quota, three weeks before it."""
    day = held_on(scene)
    if day is None or scene.duty.planned_on or not _announces(scene, day):
        return Counts()
    plan_meeting(scene.ledger, scene.duty.key, scene.performer(), day=day, place=PLACE)
    return Counts(planned=1)


def _announces(scene: Scene, day: dt.date) -> bool:
    return scene.edition.workdays.add(day, -AHEAD) <= scene.on < day


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
