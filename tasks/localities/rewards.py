"""Rewards for the places of a year's evaluation, recorded by the office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.clean import LONGEST_LINE, typed
from catalog.errors import ConflictError, NotFoundError
from ledger.reports import localities
from ledger.store.changes import Change
from tasks.in_force import in_force
from tasks.reports.deciders import require_office

if TYPE_CHECKING:
    from ledger.session import Ledger
    from tasks.act import Act


def reward(
    ledger: Ledger, plan: str, year: int, agency: str, act: Act, *, text: str, document: str
) -> int:
    """Record a reward of a locality for its evaluation of `year`; return its number in the year.

    NotFoundError for an agency that is not evaluated, ConflictError without the text or the
    document, for a year ahead, and for anybody but the office.
    """
    text, document = typed(text, "text"), typed(document, "document", LONGEST_LINE)
    with ledger.transaction() as tx:
        require_office(tx.conn, plan, act, "reward")
        if agency not in in_force(tx.conn, plan).plan.localities():
            raise NotFoundError("locality-unknown", agency=agency)
        for name, value in (("text", text), ("document", document)):
            if not value:
                raise ConflictError(f"rule-needs-{name}", deed="reward", key=plan, user=act.user)
        if year > act.on.year:
            raise ConflictError("reward-year", year=year)
        tx.hold("rewards", plan, str(year))
        number = len(localities.rewards(tx.conn, plan, year=year)) + 1
        values = {
            "plan": plan,
            "year": year,
            "number": number,
            "agency": agency,
            "text": text,
            "document": document,
            "recorded_on": act.on,
            "recorded_by": act.user,
        }
        subject = f"{plan}/rewards/{year}"
        row = Change("rewards", f"{subject}#{number}", values, "insert")
        note = {"on": act.on}
        tx.record("rewarded", subject, changes=[row], note=note, at=act.at, actor=act.user)
        return number
