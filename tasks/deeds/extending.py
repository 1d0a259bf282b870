"""Extensions: requested by the performer, granted or refused by the office; moves of a due date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.duties import life
from ledger.store.changes import Change
from tasks.deeds.frame import open_deed
from tasks.deeds.registry import does

if TYPE_CHECKING:
    import datetime as dt

    from ledger.session import Ledger
    from tasks.act import Act
    from tasks.deeds.frame import OpenDeed


class Move(NamedTuple):
    """The new facts of the duty, and the row that keeps the old date."""

    facts: dict[str, Any]
    old_date: Change


def move(deed: OpenDeed, to: dt.date, *, entry: str, reason: str) -> Move:
    """Return the changes that move the due date to `to`; `entry` names the deed in the history.

    The old date is kept with the document that the deed cites, None for none.
    Afterwards `deed.duty` has the new date: notices of the deed belong to the new version.
    """
    old = deed.duty
    values = {
        "due_on": old.due_on,
        "moved_on": deed.act.on,
        "moved_by": deed.act.user,
        "deed": entry,
        "reason": reason,
        "document": deed.fields.get("document") or None,
    }
    facts: dict[str, Any] = {
        "due_on": to,
        "due_version": old.due_version + 1,
        "provisional": deed.edition.workdays.is_provisional(to),
    }
    deed.duty = old.model_copy(update=facts)
    return Move(facts, Change("due_dates", (old.key, old.due_version), values, "insert"))


@does("ask-extension")
def ask(ledger: Ledger, key: str, act: Act, *, to: dt.date, reason: str) -> None:
    """Request the due date `to` (延期申請); until the office decides, the old one stands."""
    with open_deed(ledger, "ask-extension", key, act, to=to, reason=reason) as deed:
        number = len(life.extensions(deed.tx.conn, key)) + 1
        values = {
            "duty": key,
            "number": number,
            "asked_on": act.on,
            "asked_by": act.user,
            "asked_to": to,
            "reason": deed.fields["reason"],
        }
        row = Change("extensions", life.row_id(key, "extension", number), values, "insert")
        notices = deed.notify(f"extension-asked:{number}", ["office"])
        deed.record({}, row, *notices, number=number, asked_to=to)


@does("grant-extension")
def grant(
    ledger: Ledger,
    key: str,
    act: Act,
    *,
    to: dt.date | None = None,
    document: str = "",
    reason: str = "",
) -> None:
    """Grant the requested day, or the day `to`, as the new due date; the old one is kept.

    A date that the plan's text fixed moves only by a `document` (title, number and date), and so
    does any to a day after the end of the plan. Slips in draft name the old date and are
    withdrawn; the new date has a ladder of its own.
    """
    fields = {"to": to, "document": document, "reason": reason}
    with open_deed(ledger, "grant-extension", key, act, **fields) as deed:
        request = _request(deed)
        day = to or request.asked_to
        why = deed.fields["reason"] or request.reason
        moved = move(deed, day, entry="extension-granted", reason=why)
        decision = _decide(deed, request, outcome="granted", granted_to=day)
        facts = moved.facts | {"extensions": deed.duty.extensions + 1}
        notices = deed.notify(f"extension-granted:{request.number}", ["performer", "lead"])
        more = (moved.old_date, decision, *deed.withdraw_slips(), *notices)
        deed.record(facts, *more, to=day, number=request.number)
        deed.wake()


@does("refuse-extension")
def refuse(ledger: Ledger, key: str, act: Act, *, reason: str) -> None:
    """Refuse the request: the due date stays."""
    with open_deed(ledger, "refuse-extension", key, act, reason=reason) as deed:
        request = _request(deed)
        notices = deed.notify(f"extension-refused:{request.number}", ["performer", "lead"])
        decision = _decide(deed, request, outcome="refused")
        deed.record({}, decision, *notices, number=request.number)


def _request(deed: OpenDeed) -> life.Extension:
    request = life.open_request(deed.tx.conn, deed.duty.key)
    assert request is not None, "the table of rights requires a request"
    return request


def _decide(deed: OpenDeed, request: life.Extension, **decision: object) -> Change:
    """Return the change that decides `request`; the database takes one decision."""
    values = {
        "decided_on": deed.act.on,
        "decided_by": deed.act.user,
        "answer": deed.fields["reason"] or None,
        **decision,
    }
    return Change("extensions", request.id, values, expected={"outcome": None})
