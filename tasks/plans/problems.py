"""Problems of a plan as a whole (問題反映): raised by any agency, answered by the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.clean import typed
from catalog.errors import ConflictError, NotFoundError
from ledger.duties import life
from ledger.people import users
from ledger.store.changes import Change
from tasks.deeds.amount import check_amount
from tasks.in_force import in_force
from tasks.post.tidings import News, herald
from tasks.reports.deciders import BYSTANDERS, require_office

if TYPE_CHECKING:
    from ledger.session import Ledger, Transaction
    from tasks.act import Act


def raise_problem(ledger: Ledger, plan: str, act: Act, *, text: str) -> int:
    """Raise a problem of the plan with the office; return its number in the plan.

    Open to an officer of every agency in the register, with a part in the plan or without.
    ConflictError naming the rule that refuses.
    """
    text = typed(text, "text")
    with ledger.transaction() as tx:
        office = in_force(tx.conn, plan).plan.office
        agency = _raising_agency(tx, act, office)
        if not text:
            raise ConflictError("rule-needs-text", deed="raise-problem", key=plan, user=act.user)
        check_amount(tx.conn, plan, act)
        tx.hold("plan-problems", plan)  # two at once would take one number
        number = len(life.plan_problems(tx.conn, plan)) + 1
        values = {
            "plan": plan,
            "number": number,
            "agency": agency,
            "raised_on": act.on,
            "raised_by": act.user,
            "text": text,
        }
        problem = life.row_id(plan, "problem", number)
        news = [News("plan-problem", problem, [office])]
        rows = [
            Change("plan_problems", problem, values, "insert"),
            *herald(tx, plan, act, news, sender=ledger.settings.sender),
        ]
        note = {"on": act.on, "number": number, "text": text}
        tx.record("plan-problem-raised", plan, changes=rows, note=note, at=act.at, actor=act.user)
    return number


def answer_problem(ledger: Ledger, plan: str, act: Act, *, number: int, text: str) -> None:
    """Answer the problem of that number, as the office, and notify the agency that raised it.

    NotFoundError for an unknown number, ConflictError if it is answered already.
    """
    text = typed(text, "text")
    with ledger.transaction() as tx:
        require_office(tx.conn, plan, act, "answer-problem")
        problem = _unanswered(tx, plan, number)
        if not text:
            raise ConflictError("rule-needs-text", deed="answer-problem", key=plan, user=act.user)
        values = {"answered_on": act.on, "answered_by": act.user, "answer": text}
        news = [News("plan-problem-answered", problem.id, [problem.agency])]
        rows = [
            Change("plan_problems", problem.id, values, expected={"answered_on": None}),
            *herald(tx, plan, act, news, sender=ledger.settings.sender),
        ]
        note = {"on": act.on, "number": number, "text": text}
        tx.record("plan-problem-answered", plan, changes=rows, note=note, at=act.at, actor=act.user)


def _raising_agency(tx: Transaction, act: Act, office: str) -> str:
    """Return the agency for which the actor raises a problem: their own, else one they stand for.

    ConflictError for the office, which answers problems, and for those who only look on.
    """
    actors = users.acting_for(tx.conn, act.user, act.on)
    able = [a.agency for a in actors if a.role not in BYSTANDERS and a.agency != office]
    if not able:
        raise ConflictError("plan-problem-who", user=act.user)
    return able[0]


def _unanswered(tx: Transaction, plan: str, number: int) -> life.PlanProblem:
    problems = life.plan_problems(tx.conn, plan)
    problem = next((each for each in problems if each.number == number), None)
    if problem is None:
        raise NotFoundError("problem-unknown", key=plan, number=number)
    if problem.answered_on is not None:
        raise ConflictError("problem-answered", number=number, on=problem.answered_on)
    return problem
