"""Duties beside the plan (批示件, 會議議定事項): assigned by the office, with the same life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.clean import LONGEST_LINE, typed
from catalog.dates.recurrence import RECURRENCES, Period
from catalog.duties import adhoc
from catalog.duties.evidence_rules import LABELS
from catalog.errors import ConflictError, DubanError, UsageRefusedError
from ledger.duties import assignments, duties, meetings
from ledger.post import contacts
from ledger.store.changes import Change
from tasks.deeds.amount import check_amount
from tasks.deeds.pausing import check_bodies
from tasks.in_force import in_force
from tasks.reports.deciders import require_office

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from catalog.dates.recurrence import Recurs
    from ledger.session import Connection, Ledger
    from tasks.act import Act
    from tasks.in_force import InForce


MOST_PERIODS = 120  # of one order: ten years of months


class Order(NamedTuple):
    """What is to be done, by whom and by when, and on what it rests.

    `to` and `participants` are ids of agencies. `source` names the document, `document` is its
    number and `dated_on` its day. For a decision of a meeting `meeting` is its key, and the source
    may be left empty. Without `evidence` a filing brings a document. One that recurs is due on
    `due_on` for the first time, and the last time by `until`, or else by the end of the plan.
    """

    title: str
    to: str
    due_on: dt.date
    source: str = ""
    participants: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    document: str = ""
    dated_on: dt.date | None = None
    meeting: str = ""
    recurrence: Recurs = "once"
    until: dt.date | None = None


def assign(ledger: Ledger, plan: str, act: Act, order: Order) -> str:
    """Assign a duty beside the plan, as the office; return its key, of several the first one."""
    return assign_all(ledger, plan, act, [order])[0]


def assign_all(ledger: Ledger, plan: str, act: Act, orders: Sequence[Order]) -> list[str]:
    """Assign all these duties beside the plan, or none; return their keys, in order.

    One that recurs is a duty for each period. A sweep opens each and tells its performer, by the
    ladder of the plan in force. ConflictError names the rule that refuses, NotFoundError an unknown
    agency or meeting, both of the first order that does not serve.
    """
    keys: list[str] = []
    with ledger.transaction() as tx:
        require_office(tx.conn, plan, act, "assign")
        edition = in_force(tx.conn, plan)
        ready = [_ready(tx.conn, edition, order, act) for order in orders]
        check_amount(tx.conn, plan, act)
        tx.hold("assign", plan)  # two at once would take one number
        for number, order in enumerate(ready, assignments.next_number(tx.conn, plan)):
            for key, rows in _rows(edition, number, order, act):
                note = {"on": act.on, "title": order.title, "source": order.source}
                tx.record("assigned", key, changes=rows, note=note, at=act.at, actor=act.user)
                tx.lease([Change("duties", key, {"look_on": rows[0].values["opens_on"]})])
                keys.append(key)
    return keys


def refusals(ledger: Ledger, plan: str, act: Act, orders: Sequence[Order]) -> dict[int, DubanError]:
    """Return what refuses each of `orders` that does not serve, by its place from 0."""
    refused: dict[int, DubanError] = {}
    with ledger.read() as conn:
        edition = in_force(conn, plan)
        for place, order in enumerate(orders):
            try:
                _ready(conn, edition, order, act)
            except DubanError as error:
                refused[place] = error
    return refused


def _ready(conn: Connection, edition: InForce, order: Order, act: Act) -> Order:
    """Return the order as it is recorded; raises the error that refuses it."""
    order = _cited(conn, edition.row.plan, _cleaned(order))
    _check(conn, edition, order, act)
    _check_periods(edition, order, act)
    return order


def _rows(
    edition: InForce, number: int, order: Order, act: Act
) -> Iterator[tuple[str, list[Change]]]:
    """Yield the key and the rows of each duty; the first has the assignment with it."""
    plan = edition.row.plan
    for turn, period in enumerate(_periods(edition, order, act)):
        key = adhoc.key(plan, number, period.label)
        rows = [Change("duties", key, _duty(edition, number, order, period), "insert")]
        if turn == 0:
            rows.append(Change("assignments", key, _assignment(plan, number, order, act), "insert"))
        yield key, rows


def _periods(edition: InForce, order: Order, act: Act) -> list[Period]:
    once = order.recurrence == "once"
    until = order.due_on if once else order.until or edition.plan.ends_on
    anchor = None if once else order.due_on
    return list(RECURRENCES[order.recurrence].periods(act.on, until, anchor=anchor))


def _check_periods(edition: InForce, order: Order, act: Act) -> None:
    if order.until is not None and order.recurrence == "once":
        raise ConflictError("assign-until-once", until=order.until)
    if order.until is not None and order.until < order.due_on:
        raise ConflictError("assign-until", until=order.until, due_on=order.due_on)
    many = len(_periods(edition, order, act))
    if many > MOST_PERIODS:
        raise ConflictError("assign-too-often", many=many, most=MOST_PERIODS)
    if not many:  # the plan ends before it is due for the first time
        raise ConflictError("assign-until", until=edition.plan.ends_on, due_on=order.due_on)


def _cleaned(order: Order) -> Order:
    return order._replace(
        title=_line(order.title, "title"),
        source=_line(order.source, "source"),
        document=_line(order.document, "document"),
        participants=tuple(p for p in dict.fromkeys(order.participants) if p != order.to),
        evidence=tuple(dict.fromkeys(order.evidence)),
    )


def _line(text: str, name: str) -> str:
    return " ".join(typed(text, name, LONGEST_LINE).split())


def _cited(conn: Connection, plan: str, order: Order) -> Order:
    """Return the order with the meeting as its source, if one decided it.

    ConflictError for a duty that is no meeting of the plan, or one that has not been held.
    """
    if not order.meeting:
        return order
    meeting = duties.one(conn, order.meeting)
    if meeting.plan != plan or meeting.kind != "meeting":
        raise ConflictError("assign-no-meeting", key=order.meeting)
    held_on = meetings.held_on(conn, meeting)
    if held_on is None:
        raise ConflictError("assign-not-held", key=order.meeting)
    return order._replace(source=order.source or meeting.title, dated_on=order.dated_on or held_on)


def _check(conn: Connection, edition: InForce, order: Order, act: Act) -> None:
    for name in ("title", "source"):
        if not getattr(order, name):
            raise ConflictError(f"assign-needs-{name}")
    if order.due_on < act.on:
        raise ConflictError("assign-past", due_on=order.due_on, on=act.on)
    if order.dated_on is not None and order.dated_on > act.on:
        raise ConflictError("assign-ahead", dated_on=order.dated_on, on=act.on)
    for label in order.evidence:
        if label not in LABELS:
            raise UsageRefusedError("assign-label", label=label, known=", ".join(LABELS))
    _check_agencies(conn, order, edition.plan.office)


def _check_agencies(conn: Connection, order: Order, office: str) -> None:
    check_bodies(conn, (order.to, *order.participants))
    if order.to == office:
        raise ConflictError("assign-to-office", agency=contacts.agencies(conn)[office].name)


def _duty(edition: InForce, number: int, order: Order, period: Period) -> dict[str, Any]:
    """Return the row of the duty: its performer leads it, and the office closes it."""
    covers = {"covers_from": period.covers_from, "covers_until": period.covers_until}
    return {
        **({} if order.recurrence == "once" else covers),
        "plan": edition.row.plan,
        "edition": edition.row.edition,
        "measure": adhoc.MEASURE,
        "obligation": adhoc.obligation_id(number),
        "kind": adhoc.KIND,
        "title": order.title,
        "period": period.label,
        "basis": "office",
        "lead": order.to,
        "performer": order.to,
        "participants": order.participants,
        "opens_on": period.opens_on,
        "due_on": period.due_on,
        "ladder": edition.plan.ladder.digest,
        "workdays_version": edition.workdays.version,
        "provisional": edition.workdays.is_provisional(period.due_on),
    }


def _assignment(plan: str, number: int, order: Order, act: Act) -> dict[str, Any]:
    return {
        "plan": plan,
        "number": number,
        "source": order.source,
        "document": order.document or None,
        "dated_on": order.dated_on,
        "meeting": order.meeting or None,
        "evidence": order.evidence,
        "assigned_on": act.on,
        "assigned_by": act.user,
    }
