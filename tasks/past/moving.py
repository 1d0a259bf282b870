"""Correction of the day on which a ledger starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.clean import typed
from catalog.duties import adhoc
from catalog.errors import ConflictError
from ledger.duties import conditions, duties, life
from ledger.post import messages
from ledger.store.changes import Change
from tasks.in_force import in_force
from tasks.reports.deciders import require_office

if TYPE_CHECKING:
    import datetime as dt

    from ledger.duties.duties import Duty
    from ledger.session import Ledger, Transaction
    from tasks.act import Act
    from tasks.in_force import InForce

FACTS = ("acknowledged_on", "refused_on", "spoken_on", "planned_on", "suspended_on")


class Moved(NamedTuple):
    """The keys of the duties that became past, and of those that are past no more."""

    past: list[str]
    back: list[str]


def move_start(ledger: Ledger, plan: str, act: Act, *, start_on: dt.date, reason: str) -> Moved:
    """Correct the day on which the ledger of `plan` starts, as the office typed another one.

    A later day: what was due before it becomes past, unless somebody has done anything about it;
    its drafted slips are withdrawn. An earlier day: what is due today or later is past no more.
    What has been due meanwhile stays past: the office takes it up duty by duty, so that no mass of
    duties turns overdue at once. Letters that have left stay as they are.

    ConflictError without a reason, for anybody but the office, and where the day is the same.
    """
    reason = typed(reason, "reason")
    with ledger.transaction(alone=True) as tx:
        require_office(tx.conn, plan, act, "move-start")
        edition = in_force(tx.conn, plan)
        before = edition.row.start_on or edition.row.issued_on
        if not reason:
            raise ConflictError("rule-needs-reason", deed="move-start", key=plan, user=act.user)
        if start_on == before:
            raise ConflictError("start-same", plan=plan, on=start_on)
        row = Change("editions", (plan, edition.row.edition), {"start_on": start_on})
        note = {"on": act.on, "start_on": start_on, "before": before, "reason": reason}
        tx.record("start-moved", plan, changes=[row], note=note, at=act.at, actor=act.user)
        return _Moving(tx, edition, act, start_on).carry()


class _Moving:
    """The duties of one plan, as its start day moves."""

    def __init__(self, tx: Transaction, edition: InForce, act: Act, start_on: dt.date) -> None:
        self._tx, self._edition, self._act, self._start_on = tx, edition, act, start_on

    def carry(self) -> Moved:
        of_plan = conditions.of(plan=self._edition.row.plan)
        unfinished = duties.chosen(self._tx.conn, of_plan, conditions.UNFINISHED)
        unsettled = duties.chosen(self._tx.conn, of_plan, conditions.UNSETTLED)
        moved = Moved([], [])
        for duty in unfinished:
            if duty.measure != adhoc.MEASURE and self._is_untouched(duty):
                if duty.due_on < self._start_on:
                    self._make_past(duty)
                    moved.past.append(duty.key)
                elif duty.opened_on is None and duty.opens_on < self._start_on:
                    self._record(duty, {"opens_on": self._start_on})
        for duty in unsettled:
            if duty.due_on >= max(self._start_on, self._act.on):
                self._bring_back(duty)
                moved.back.append(duty.key)
            elif duty.due_on < self._start_on != duty.past_on:
                self._record(duty, {"past_on": self._start_on})
        return moved

    def _is_untouched(self, duty: Duty) -> bool:
        """Tell whether nobody has done anything about the duty."""
        counts = (duty.filings, duty.delivered, duty.extensions)
        facts = any(getattr(duty, name) for name in FACTS)
        return not (facts or any(counts) or life.open_request(self._tx.conn, duty.key))

    def _make_past(self, duty: Duty) -> None:
        drafts = [
            Change("messages", draft, {"state": "superseded"}, expected={"state": "draft"})
            for draft in messages.drafts_of(self._tx.conn, duty.key)
        ]
        values = {"past_on": self._start_on, "opened_on": None, "asked_on": None}
        self._record(duty, values, *drafts)
        self._place(duty, look_on=None, prepare_on=None)

    def _bring_back(self, duty: Duty) -> None:
        """Let the duty open on the start day, or today; what has passed by then is not told."""
        opens_on = max(duty.opens_on, self._start_on, self._act.on)
        values: dict[str, Any] = {"past_on": None, "opens_on": opens_on}
        if duty.covers_from is None and opens_on > duty.opens_on:
            values |= {"covers_from": duty.opens_on, "covers_until": duty.due_on}
        self._record(duty, values)
        now = duty.model_copy(update=values)
        self._place(duty, look_on=opens_on, prepare_on=self._edition.prepares_on(now))

    def _place(self, duty: Duty, **place: object) -> None:
        self._tx.lease([Change("duties", duty.key, place)])

    def _record(self, duty: Duty, values: dict[str, Any], *rows: Change) -> None:
        note = {"on": self._act.on, "start_on": self._start_on}
        row = Change("duties", duty.key, values)
        changes, at = [row, *rows], self._act.at
        self._tx.record(
            "start-moved", duty.key, changes=changes, note=note, at=at, actor=self._act.user
        )
