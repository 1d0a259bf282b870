"""What becomes of a filed duty: returned, accepted by the lead, closed out by the office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.duties import life
from ledger.store.changes import Change
from tasks.deeds.frame import doing
from tasks.deeds.registry import does

if TYPE_CHECKING:
    from ledger.session import Ledger
    from tasks.act import Act
    from tasks.deeds.frame import Doing


@does("return")
def give_back(ledger: Ledger, key: str, act: Act, *, reason: str) -> None:
    """Return the filing under review (退回): the ladder goes on from this day.

    Rungs of the days it lay under review are passed over, those after this day are told.
    """
    with doing(ledger, "return", key, act, reason=reason) as it:
        decision = {"returned_on": act.on, "returned_by": act.user, "reason": it.said["reason"]}
        facts = {"returned_on": act.on, "accepted_on": None}
        told = it.tell(f"returned:{it.nth('returned')}", ["performer", "lead"])
        it.record(facts, *_decide(it, decision), *told)
        it.wake(told_through=act.on)


@does("accept")
def accept(ledger: Ledger, key: str, act: Act) -> None:
    """Accept the filing as the lead (辦結), where another agency performs; the office is told."""
    with doing(ledger, "accept", key, act) as it:
        decision = {"accepted_on": act.on, "accepted_by": act.user}
        told = it.tell(f"accepted:{it.nth('accepted')}", ["office"])
        it.record({"accepted_on": act.on}, *_decide(it, decision), *told)


@does("close")
def close(ledger: Ledger, key: str, act: Act) -> None:
    """Take a filed duty off the list as done (銷號); whether in time, its filing's day says."""
    with doing(ledger, "close", key, act) as it:
        facts = {"closed_on": act.on, "closed_as": "done"}
        it.record(facts, *it.end(), *it.tell("closed", ["performer", "lead"]))


@does("close-not-done")
def close_not_done(ledger: Ledger, key: str, act: Act, *, reason: str) -> None:
    """Take a duty off the list as not done (未完成結案), whether anything was filed or not."""
    with doing(ledger, "close-not-done", key, act, reason=reason) as it:
        facts = {"closed_on": act.on, "closed_as": "not-done"}
        told = it.tell("closed-not-done", ["performer", "lead"])
        it.record(facts, *it.end(), *told)


def _decide(it: Doing, decision: dict[str, Any]) -> list[Change]:
    """Return the decision about the filing under review; of two at once the database takes one."""
    filed = life.under_review(it.tx.conn, it.duty.key)
    given = {"returned_on": None}
    return [Change("submissions", filed.id, decision, expected=given)] if filed else []
