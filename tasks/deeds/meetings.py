"""Meetings: the day and the place announced for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.plans.contents import WHOLE_PLAN
from tasks.deeds.frame import open_deed
from tasks.deeds.registry import does
from tasks.post.tidings import News, herald, leads

if TYPE_CHECKING:
    import datetime as dt

    from ledger.session import Ledger
    from ledger.store.changes import Change
    from tasks.act import Act
    from tasks.deeds.frame import OpenDeed


@does("plan-meeting")
def plan_meeting(ledger: Ledger, key: str, act: Act, *, day: dt.date, place: str = "") -> None:
    """Announce the day and the place of a meeting, also anew; all who take part are told.

    At a meeting on the whole plan these are all leads of the plan. The agenda is prepared for that
    day, again if it was prepared for another one.
    """
    with open_deed(ledger, "plan-meeting", key, act, day=day, place=place) as deed:
        number = deed.nth("meeting-planned")
        facts = {"planned_on": day, "planned_place": deed.fields["place"] or None}
        deed.duty = deed.duty.model_copy(update=facts)
        notices = deed.notify(f"meeting-planned:{number}", ["performer", "lead", "participants"])
        invited = _invitation(deed, day, sender=ledger.settings.sender)
        deed.record(facts, *notices, *invited)
        deed.prepare(anew=True)


def _invitation(deed: OpenDeed, day: dt.date, *, sender: str) -> list[Change]:
    """Return the rows that invite all leads to a meeting on the whole plan."""
    duty = deed.duty
    if deed.edition.obligation_of(duty).agenda != (WHOLE_PLAN,):
        return []
    own = {duty.lead, duty.performer, *duty.participants, *(a.agency for a in deed.actors)}
    others = [agency for agency in leads(deed.tx.conn, duty.plan) if agency not in own]
    news = [News("meeting", f"{duty.key}#{day}", others)]
    return herald(deed.tx, duty.plan, deed.act, news, sender=sender)
