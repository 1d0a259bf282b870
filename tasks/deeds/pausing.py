"""How the office stops the clock of a duty, for a time or for good: suspend, resume, waive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.deeds.due_dates import move
from tasks.deeds.frame import doing
from tasks.deeds.registry import does

if TYPE_CHECKING:
    from ledger.session import Ledger
    from tasks.act import Act


@does("suspend")
def suspend(ledger: Ledger, key: str, act: Act, *, reason: str) -> None:
    """Stop the clock (中止): no rung falls until the duty is resumed."""
    with doing(ledger, "suspend", key, act, reason=reason) as it:
        told = it.tell(f"suspended:{it.nth('suspended')}", ["performer", "lead"])
        it.record({"suspended_on": act.on}, *told)


@does("resume")
def resume(ledger: Ledger, key: str, act: Act, *, reason: str = "") -> None:
    """Let the clock go on: the due date moves by the days it stood, as a version of its own.

    Rungs of those days are passed over, and slips in draft, which speak of the old date, are
    taken back. Without a reason the days themselves, as an interval of two dates, are what is
    kept with the old date.
    """
    with doing(ledger, "resume", key, act, reason=reason) as it:
        since = it.duty.suspended_on or act.on
        why = it.said["reason"] or f"{since}/{act.on}"
        moved = move(it, it.duty.due_on + (act.on - since), deed="resumed", reason=why)
        told = it.tell(f"resumed:{it.nth('resumed')}", ["performer", "lead"])
        facts = moved.facts | {"suspended_on": None}
        more = (moved.kept, *it.withdraw_slips(), *told)
        it.record(facts, *more, days=(act.on - since).days)
        it.wake(told_through=act.on)


@does("waive")
def waive(ledger: Ledger, key: str, act: Act, *, reason: str, document: str) -> None:
    """Excuse from the duty (免辦) by a document, which the entry names; also before it opens."""
    with doing(ledger, "waive", key, act, reason=reason, document=document) as it:
        told = it.tell("waived", ["performer", "lead"])
        it.record({"waived_on": act.on}, *it.end(), *told)
