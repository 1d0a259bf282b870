"""Settlement of past duties by the office: done, not done, or taken up.

docs/rules.md, Where a ledger starts.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple

from catalog.dates.days import A_DAY
from catalog.errors import DubanError, NotFoundError, UsageRefusedError
from ledger.duties import duties
from tasks.all_or_nothing import Refusal, all_or_nothing
from tasks.deeds.evidence import attach
from tasks.deeds.frame import open_deed
from tasks.deeds.registry import does

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from ledger.proof.evidence import EvidenceFile
    from ledger.session import Ledger
    from tasks.act import Act

SettledAs = Literal["done", "not-done", "taken-up"]


class Settlement(NamedTuple):
    """The settlement of the past duty `key`.

    Done needs the day it was done and the document that shows it, not done a reason.
    """

    key: str
    outcome: SettledAs
    done_on: dt.date | None = None
    document: str = ""
    reason: str = ""


def settle(ledger: Ledger, plan: str, act: Act, settlements: Sequence[Settlement]) -> list[Refusal]:
    """Settle past duties of `plan`, all or none; return the refusals, each at its key."""
    return all_or_nothing(ledger, partial(_settle_each, plan=plan, act=act, rows=settlements))


def _settle_each(
    ledger: Ledger, *, plan: str, act: Act, rows: Sequence[Settlement]
) -> Iterator[Refusal]:
    for row in rows:
        try:
            _check_plan(ledger, plan, row.key)
            _settle(ledger, act, row)
        except DubanError as error:
            yield Refusal(row.key, error)


def _check_plan(ledger: Ledger, plan: str, key: str) -> None:
    with ledger.read() as conn:
        if duties.one(conn, key).plan != plan:
            raise NotFoundError("duty-unknown", key=key)


def _settle(ledger: Ledger, act: Act, row: Settlement) -> None:
    if row.outcome == "done":
        settle_done(ledger, row.key, act, done_on=row.done_on, document=row.document)
    elif row.outcome == "not-done":
        settle_not_done(ledger, row.key, act, reason=row.reason)
    elif row.outcome == "taken-up":
        take_up(ledger, row.key, act)
    else:
        raise UsageRefusedError("outcome-unknown", outcome=row.outcome)


@does("settle-done")
def settle_done(
    ledger: Ledger,
    key: str,
    act: Act,
    *,
    done_on: dt.date | None,
    document: str,
    evidence: Sequence[EvidenceFile] = (),
) -> None:
    """Close a past duty as done on the day `done_on`, which decides whether it was in time.

    Nothing is filed and nobody is told; evidence is welcome and not required.
    """
    with open_deed(ledger, "settle-done", key, act, done_on=done_on, document=document) as deed:
        facts = {"closed_on": act.on, "closed_as": "done", "done_on": done_on}
        deed.record(facts, *deed.end(), *attach(ledger, deed, evidence))


@does("settle-not-done")
def settle_not_done(ledger: Ledger, key: str, act: Act, *, reason: str) -> None:
    """Close a past duty as not done; nobody is told."""
    with open_deed(ledger, "settle-not-done", key, act, reason=reason) as deed:
        deed.record({"closed_on": act.on, "closed_as": "not-done"}, *deed.end())


@does("take-up")
def take_up(ledger: Ledger, key: str, act: Act) -> None:
    """Open a past duty: it keeps its due date, and the ladder speaks from the next rung on.

    Those who have a part in it are told today.
    """
    with open_deed(ledger, "take-up", key, act) as deed:
        notices = deed.notify("taken-up", ["performer", "lead", "participants"])
        deed.record({"past_on": None, "opened_on": act.on}, *notices)
        deed.wake(told_through=act.on - A_DAY)
        deed.prepare(anew=True)
