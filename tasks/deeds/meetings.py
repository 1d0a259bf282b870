"""Meetings: the day and the place announced for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.deeds.frame import open_deed
from tasks.deeds.registry import does

if TYPE_CHECKING:
    import datetime as dt

    from ledger.session import Ledger
    from tasks.act import Act


@does("plan-meeting")
def plan_meeting(ledger: Ledger, key: str, act: Act, *, day: dt.date, place: str = "") -> None:
    """Announce the day and the place of a meeting, also anew; all who take part are told.

    Its agenda is prepared for that day, again if it was prepared for another one.
    """
    with open_deed(ledger, "plan-meeting", key, act, day=day, place=place) as deed:
        number = deed.nth("meeting-planned")
        facts = {"planned_on": day, "planned_place": deed.fields["place"] or None}
        deed.duty = deed.duty.model_copy(update=facts)
        notices = deed.notify(f"meeting-planned:{number}", ["performer", "lead", "participants"])
        deed.record(facts, *notices)
        deed.prepare(anew=True)
