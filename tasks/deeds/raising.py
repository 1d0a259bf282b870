"""Problems raised with the office (問題反映), answers and comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.errors import ConflictError, NotFoundError
from ledger.duties import life
from ledger.people import users
from ledger.store.changes import Change
from tasks.deeds.answering import remark
from tasks.deeds.frame import open_deed
from tasks.deeds.registry import does

if TYPE_CHECKING:
    from catalog.role_names import Addressee
    from ledger.session import Ledger
    from tasks.act import Act
    from tasks.deeds.frame import OpenDeed


@does("raise-problem")
def raise_problem(ledger: Ledger, key: str, act: Act, *, text: str) -> int:
    """Raise a problem with the office; return its number in the duty."""
    with open_deed(ledger, "raise-problem", key, act, text=text) as deed:
        number = life.count(deed.tx.conn, "problems", key) + 1
        values = {
            "duty": key,
            "number": number,
            "raised_on": act.on,
            "raised_by": act.user,
            "text": deed.fields["text"],
            **deed.relayed,
        }
        row = Change("problems", life.row_id(key, "problem", number), values, "insert")
        notices = deed.notify(f"problem:{number}", ["office"])
        deed.record({}, row, *notices, number=number)
    return number


@does("answer-problem")
def answer_problem(ledger: Ledger, key: str, act: Act, *, number: int, text: str) -> None:
    """Answer the problem of that number and notify whoever raised it.

    NotFoundError for an unknown number, ConflictError if it is answered already.
    """
    with open_deed(ledger, "answer-problem", key, act, text=text) as deed:
        problem = _problem(deed, number)
        decision = {"answered_on": act.on, "answered_by": act.user, "answer": deed.fields["text"]}
        row = Change("problems", problem.id, decision, expected={"answered_on": None})
        notices = deed.notify(f"problem-answered:{number}", [_raiser(deed, problem)])
        deed.record({}, row, *notices, number=number)


@does("comment")
def comment(ledger: Ledger, key: str, act: Act, *, text: str) -> None:
    """Comment on the duty, without a notice to anybody."""
    with open_deed(ledger, "comment", key, act, text=text) as deed:
        deed.record({}, remark(deed, "comment"))


def _problem(deed: OpenDeed, number: int) -> life.Problem:
    problems = life.problems(deed.tx.conn, deed.duty.key)
    problem = next((p for p in problems if p.number == number), None)
    if problem is None:
        raise NotFoundError("problem-unknown", key=deed.duty.key, number=number)
    if problem.answered_on is not None:
        raise ConflictError("problem-answered", number=number, on=problem.answered_on)
    return problem


def _raiser(deed: OpenDeed, problem: life.Problem) -> Addressee:
    """Return the role that reaches whoever raised the problem."""
    agency = problem.agency or users.user(deed.tx.conn, problem.raised_by).agency
    roles: dict[str, Addressee] = {deed.duty.lead: "lead", deed.duty.performer: "performer"}
    return roles.get(agency, "participants")
