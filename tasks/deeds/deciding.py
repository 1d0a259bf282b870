"""Decisions about filed duties: return, accept, close."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.duties import life
from ledger.store.changes import Change
from tasks.deeds.frame import open_deed
from tasks.deeds.meetings import call_off
from tasks.deeds.registry import does

if TYPE_CHECKING:
    from ledger.session import Ledger
    from tasks.act import Act
    from tasks.deeds.frame import OpenDeed


@does("return")
def give_back(ledger: Ledger, key: str, act: Act, *, reason: str) -> None:
    """Return the filing under review (退回): the ladder goes on from this day.

    Rungs of the days it lay under review are skipped; later ones fall as usual.
    """
    with open_deed(ledger, "return", key, act, reason=reason) as deed:
        decision = {"returned_on": act.on, "returned_by": act.user, "reason": deed.fields["reason"]}
        facts = {"returned_on": act.on, "accepted_on": None}
        notices = deed.notify(f"returned:{deed.nth('returned')}", ["performer", "lead"])
        deed.record(facts, *_decide(deed, decision), *notices)
        deed.wake(told_through=act.on)


@does("accept")
def accept(ledger: Ledger, key: str, act: Act) -> None:
    """Accept another agency's filing as the lead (辦結), and notify the office."""
    with open_deed(ledger, "accept", key, act) as deed:
        decision = {"accepted_on": act.on, "accepted_by": act.user}
        notices = deed.notify(f"accepted:{deed.nth('accepted')}", ["office"])
        deed.record({"accepted_on": act.on}, *_decide(deed, decision), *notices)


@does("close")
def close(ledger: Ledger, key: str, act: Act) -> None:
    """Close a filed duty as done (銷號), and accept the day of doing that its filing states.

    That day decides whether it was in time; a filing of an earlier version states none.
    """
    with open_deed(ledger, "close", key, act) as deed:
        filing = life.under_review(deed.tx.conn, key)
        done_on = (filing and filing.done_on) or deed.duty.filed_on
        facts = {"closed_on": act.on, "closed_as": "done", "done_on": done_on}
        deed.record(facts, *deed.end(), *deed.notify("closed", ["performer", "lead"]))


@does("close-not-done")
def close_not_done(ledger: Ledger, key: str, act: Act, *, reason: str) -> None:
    """Close a duty as not done (未完成結案), with or without a filing."""
    with open_deed(ledger, "close-not-done", key, act, reason=reason) as deed:
        facts = {"closed_on": act.on, "closed_as": "not-done"}
        notices = deed.notify("closed-not-done", ["performer", "lead"])
        off, *rows = call_off(deed, to=["participants"], sender=ledger.settings.sender)
        deed.record({**facts, **off}, *deed.end(), *notices, *rows)


def _decide(deed: OpenDeed, decision: dict[str, Any]) -> list[Change]:
    """Return the change that decides the filing under review; the database takes one only."""
    filing = life.under_review(deed.tx.conn, deed.duty.key)
    expected = {"returned_on": None}
    return [Change("submissions", filing.id, decision, expected=expected)] if filing else []
