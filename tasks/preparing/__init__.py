"""Material for meetings, events and reports, prepared before the first reminder.

It is counted from the ledger, attached to its duty and named in the digest of that day. It never
counts as the duty done.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from catalog.dates.days import A_DAY
from catalog.duties.standing import standing, stopped
from catalog.reports.preparation import Line
from ledger.duties import duties
from ledger.people import agencies
from ledger.proof import chain
from ledger.store.changes import Change
from tasks.in_force import in_force
from tasks.post.directory import directory
from tasks.post.mailbag import Mailbag, Telling
from tasks.tick import Counts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from catalog.ladder.rungs import Form
    from catalog.reports.preparation import Kind, Material
    from catalog.role_names import Addressee
    from ledger.duties.duties import Duty
    from ledger.session import Connection, Ledger, Transaction
    from tasks.in_force import InForce
    from tasks.tick import Tick

PAGE = 200  # duties a transaction, as each one counts the duties around it
RECIPIENTS: tuple[Addressee, ...] = ("performer", "lead")


@dataclass(frozen=True, slots=True)
class DutyContext:
    """A duty to prepare, and the ledger around it."""

    conn: Connection
    edition: InForce
    duty: Duty
    on: dt.date
    names: Mapping[str, str]

    def siblings(self) -> list[Line]:
        """Return the other open duties of the measure, the most urgent first.

        A performer under another lead sees their own duties only. Those that open today are among
        them, whether or not the sweep has come to them.
        """
        return by_urgency(self.line(duty) for duty in self.open_siblings())

    def open_siblings(self) -> list[Duty]:
        """Return the duties of `siblings`, by key."""
        return [d for d in self.of_measure() if d.opens_on <= self.on and _is_open(d)]

    def line(self, duty: Duty) -> Line:
        """Return a duty as a line of the material, with its light on the day of counting."""
        now = standing(duties.facts(duty), self.on)
        return Line(
            key=duty.key,
            title=duty.title,
            performer=self.names[duty.performer],
            due_on=duty.due_on,
            light=now.light,
            closed_on=duty.closed_on,
            lead=self.names[duty.lead],
            status=now.status,
        )

    def of_measure(self) -> list[Duty]:
        """Return the other duties of the measure that the performer answers for."""
        duty = self.duty
        own = duties.listed(self.conn, plan=duty.plan, measure=duty.measure, agency=duty.performer)
        return [other for other in own if other.key != duty.key]

    def common_fields(self) -> dict[str, Any]:
        """Return the fields common to all material."""
        duty = self.duty
        leading = () if duty.lead == duty.performer else (duty.lead,)
        return {
            "duty": duty.key,
            "title": duty.title,
            "says": self.edition.says(duty),
            "measure": duty.measure,
            "lead": self.names[duty.lead],
            "performer": self.names[duty.performer],
            "participants": tuple(self.names[p] for p in (*leading, *duty.participants)),
            "due_on": duty.due_on,
            "on": self.on,
            "delivered": duty.delivered,
            "wanted": _quota(duty),
        }


def by_urgency(lines: Iterable[Line]) -> list[Line]:
    """Return the lines in order: red ones first, then by due date."""
    return sorted(lines, key=lambda line: (line.light != "red", line.due_on, line.key))


def prepare(
    ledger: Ledger, tick: Tick, kind: Kind, gather: Callable[[DutyContext], Material]
) -> Counts:
    """Prepare every duty of `kind` due for preparation: once each, also with parallel sweeps.

    A duty closed or reported meanwhile needs nothing; a suspended one waits.
    """
    counts = Counts()
    due = partial(
        duties.to_prepare, plan=tick.plan, kind=kind, on=tick.on, obligation=tick.obligation
    )
    while _is_any(ledger, due):
        tick.go_on(ledger)
        with ledger.transaction() as tx:
            page = due(tx.conn, limit=PAGE, lock=True)
            counts["prepared"] += _prepare(tx, page, tick, gather, ledger.settings.sender)
    return counts


def _is_any(ledger: Ledger, due: Callable[..., list[Duty]]) -> bool:
    with ledger.read() as conn:
        return bool(due(conn, limit=1))


def _prepare(
    tx: Transaction,
    page: Sequence[Duty],
    tick: Tick,
    gather: Callable[[DutyContext], Material],
    sender: str,
) -> int:
    edition = in_force(tx.conn, tick.plan)
    names = agencies.agencies_on(tx.conn, tick.on).by_id
    active = [duty for duty in page if not stopped(duties.facts(duty), tick.on)]
    book = directory(tx.conn, edition)
    to: dict[Addressee, Form] = dict.fromkeys(RECIPIENTS, "notice")
    present = tx.present("preparations", [duty.key for duty in active])
    tellings = [
        Telling.of(duty, _event(tx.conn, duty, again=duty.key in present), to, book)
        for duty in active
    ]
    bag = Mailbag(tx, tellings, on=tick.on, plan=tick.plan, sender=sender)
    for duty, telling in zip(active, tellings, strict=True):
        material = gather(DutyContext(tx.conn, edition, duty, tick.on, names))
        rows = [c for notice in telling.notices for c in bag.changes(telling, notice)]
        row = _row(material, again=duty.key in present)
        _record(tx, material, [row, *rows], tick)
    places = {duty.key: tick.on + A_DAY if duty.suspended_on else None for duty in page}
    tx.lease(Change("duties", key, {"prepare_on": day}) for key, day in places.items())
    return len(active)


def _event(conn: Connection, duty: Duty, *, again: bool) -> str:
    """Return the event of its notice; that of material made again has a number."""
    event = f"prepared-{duty.kind}"
    return f"{event}:{chain.count(conn, duty.key, 'prepared') + 1}" if again else event


def _row(material: Material, *, again: bool) -> Change:
    values = {
        "kind": material.kind,
        "prepared_on": material.on,
        "data": material.model_dump_json(),
    }
    return Change("preparations", material.duty, values, "update" if again else "insert")


def _record(tx: Transaction, material: Material, rows: Sequence[Change], tick: Tick) -> None:
    note = {"kind": material.kind, "on": tick.on}
    tx.record("prepared", material.duty, changes=rows, note=note, at=tick.at, actor=tick.actor)


def _is_open(duty: Duty) -> bool:
    return not any((duty.closed_on, duty.waived_on, duty.past_on))


def _quota(duty: Duty) -> str:
    """Return the quota as text: 30-40, 3 or more as `3-`, and 1 for a duty without one."""
    if duty.quota_min is None:
        return "1"
    if duty.quota_max == duty.quota_min:
        return str(duty.quota_min)
    return f"{duty.quota_min}-{duty.quota_max or ''}"
