"""How a later due date is asked for and decided: granted, granted for another day, refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.duties import life
from ledger.store.changes import Change
from tasks.deeds.due_dates import move
from tasks.deeds.frame import doing
from tasks.deeds.registry import does

if TYPE_CHECKING:
    import datetime as dt

    from ledger.session import Ledger
    from tasks.act import Act
    from tasks.deeds.frame import Doing


@does("ask-extension")
def ask(ledger: Ledger, key: str, act: Act, *, to: dt.date, reason: str) -> None:
    """Ask for the due date `to` (延期申請); until the office decides, the old one stands."""
    with doing(ledger, "ask-extension", key, act, to=to, reason=reason) as it:
        number = len(life.extensions(it.tx.conn, key)) + 1
        values = {
            "duty": key,
            "number": number,
            "asked_on": act.on,
            "asked_by": act.user,
            "asked_to": to,
            "reason": it.said["reason"],
        }
        row = Change("extensions", life.numbered(key, "extension", number), values, "insert")
        told = it.tell(f"extension-asked:{number}", ["office"])
        it.record({}, row, *told, number=number, asked_to=to)


@does("grant-extension")
def grant(
    ledger: Ledger, key: str, act: Act, *, to: dt.date | None = None, reason: str = ""
) -> None:
    """Grant the day asked for, or the day `to`: the duty has a new due date, the old one is kept.

    Slips in draft spoke of the old date and are taken back; the new date has a ladder of its own.
    """
    with doing(ledger, "grant-extension", key, act, to=to, reason=reason) as it:
        asked = _request(it)
        day = to or asked.asked_to
        why = it.said["reason"] or asked.reason
        moved = move(it, day, deed="extension-granted", reason=why)
        decision = _decide(it, asked, outcome="granted", granted_to=day)
        facts = moved.facts | {"extensions": it.duty.extensions + 1}
        told = it.tell(f"extension-granted:{asked.number}", ["performer", "lead"])
        more = (moved.kept, decision, *it.withdraw_slips(), *told)
        it.record(facts, *more, to=day, number=asked.number)
        it.wake()


@does("refuse-extension")
def refuse(ledger: Ledger, key: str, act: Act, *, reason: str) -> None:
    """Refuse the request: the due date stays."""
    with doing(ledger, "refuse-extension", key, act, reason=reason) as it:
        asked = _request(it)
        told = it.tell(f"extension-refused:{asked.number}", ["performer", "lead"])
        decision = _decide(it, asked, outcome="refused")
        it.record({}, decision, *told, number=asked.number)


def _request(it: Doing) -> life.Extension:
    asked = life.open_request(it.tx.conn, it.duty.key)
    assert asked is not None, "the table of rights asks for a request"
    return asked


def _decide(it: Doing, asked: life.Extension, **decision: object) -> Change:
    """Return the decision of a request; of two at once the database takes one."""
    values = {
        "decided_on": it.act.on,
        "decided_by": it.act.user,
        "answer": it.said["reason"] or None,
        **decision,
    }
    return Change("extensions", asked.id, values, expected={"outcome": None})
