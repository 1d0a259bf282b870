"""What is said about a duty: problems brought to the office (問題反映), answers, comments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.errors import ConflictError, NotFoundError
from ledger.duties import life
from ledger.people import users
from ledger.store.changes import Change
from tasks.deeds.answering import remark
from tasks.deeds.frame import doing
from tasks.deeds.registry import does

if TYPE_CHECKING:
    from catalog.roles import Addressee
    from ledger.session import Ledger
    from tasks.act import Act
    from tasks.deeds.frame import Doing


@does("raise-problem")
def raise_problem(ledger: Ledger, key: str, act: Act, *, text: str) -> int:
    """Bring a problem to the office, which is told; return its number in the duty."""
    with doing(ledger, "raise-problem", key, act, text=text) as it:
        number = len(life.problems(it.tx.conn, key)) + 1
        values = {
            "duty": key,
            "number": number,
            "raised_on": act.on,
            "raised_by": act.user,
            "text": it.said["text"],
        }
        row = Change("problems", life.numbered(key, "problem", number), values, "insert")
        told = it.tell(f"problem:{number}", ["office"])
        it.record({}, row, *told, number=number)
    return number


@does("answer-problem")
def answer_problem(ledger: Ledger, key: str, act: Act, *, number: int, text: str) -> None:
    """Answer the problem of that number; whoever raised it is told.

    NotFoundError for a number there is not, ConflictError when it is answered already.
    """
    with doing(ledger, "answer-problem", key, act, text=text) as it:
        problem = _problem(it, number)
        decision = {"answered_on": act.on, "answered_by": act.user, "answer": it.said["text"]}
        row = Change("problems", problem.id, decision, expected={"answered_on": None})
        told = it.tell(f"problem-answered:{number}", [_raiser(it, problem)])
        it.record({}, row, *told, number=number)


@does("comment")
def comment(ledger: Ledger, key: str, act: Act, *, text: str) -> None:
    """Say something about the duty; it is kept with it and nobody is told."""
    with doing(ledger, "comment", key, act, text=text) as it:
        it.record({}, remark(it, "comment"))


def _problem(it: Doing, number: int) -> life.Problem:
    found = [p for p in life.problems(it.tx.conn, it.duty.key) if p.number == number]
    if not found:
        raise NotFoundError("problem-unknown", key=it.duty.key, number=number)
    if found[0].answered_on is not None:
        raise ConflictError("problem-answered", number=number, on=found[0].answered_on)
    return found[0]


def _raiser(it: Doing, problem: life.Problem) -> Addressee:
    """Return the role that tells whoever raised the problem."""
    agency = users.user(it.tx.conn, problem.raised_by).agency
    roles: dict[str, Addressee] = {it.duty.lead: "lead", it.duty.performer: "performer"}
    return roles.get(agency, "participants")
