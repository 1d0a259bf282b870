"""Pauses and waivers: the office suspends, resumes or waives a duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.deeds.extending import move
from tasks.deeds.frame import open_deed
from tasks.deeds.meetings import call_off
from tasks.deeds.registry import does

if TYPE_CHECKING:
    from ledger.session import Ledger
    from tasks.act import Act


@does("suspend")
def suspend(ledger: Ledger, key: str, act: Act, *, reason: str) -> None:
    """Stop the clock (中止): no rung falls until the duty is resumed, and no meeting is planned."""
    with open_deed(ledger, "suspend", key, act, reason=reason) as deed:
        notices = deed.notify(f"suspended:{deed.nth('suspended')}", ["performer", "lead"])
        facts, *rows = call_off(deed, to=["participants"], sender=ledger.settings.sender)
        deed.record({"suspended_on": act.on, **facts}, *notices, *rows)


@does("resume")
def resume(ledger: Ledger, key: str, act: Act, *, reason: str = "", document: str = "") -> None:
    """Restart the clock: the due date moves by the days it stood, as a new version.

    Rungs of those days are skipped, and slips in draft, which name the old date, are withdrawn.
    The reason kept with the old date defaults to the interval of the two days. Where the plan's
    text fixed the date, its move without a `document` is marked as such.
    """
    with open_deed(ledger, "resume", key, act, reason=reason, document=document) as deed:
        since = deed.duty.suspended_on or act.on
        why = deed.fields["reason"] or f"{since}/{act.on}"
        moved = move(deed, deed.duty.due_on + (act.on - since), entry="resumed", reason=why)
        notices = deed.notify(f"resumed:{deed.nth('resumed')}", ["performer", "lead"])
        facts = moved.facts | {"suspended_on": None, "asked_on": None}
        more = (moved.old_date, *deed.withdraw_slips(), *notices)
        deed.record(facts, *more, days=(act.on - since).days)
        deed.wake(told_through=act.on)


@does("waive")
def waive(ledger: Ledger, key: str, act: Act, *, reason: str, document: str) -> None:
    """Waive the duty (免辦) by a document, which the entry names; also before it opens."""
    with open_deed(ledger, "waive", key, act, reason=reason, document=document) as deed:
        notices = deed.notify("waived", ["performer", "lead"])
        facts, *rows = call_off(deed, to=["participants"], sender=ledger.settings.sender)
        deed.record({"waived_on": act.on, **facts}, *deed.end(), *notices, *rows)
