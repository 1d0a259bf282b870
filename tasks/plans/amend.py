"""Amendments: a new edition applied to the existing duties: moved, handed over, added, waived."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.dates.days import A_DAY
from catalog.duties.deeds import OF_PERFORMER
from catalog.plans.difference import Difference, difference
from catalog.plans.expand import expand
from catalog.plans.terms import terms
from ledger.duties import duties, life
from ledger.people import agencies
from ledger.post import messages
from ledger.store.changes import Change
from tasks.post.directory import directory
from tasks.post.mailbag import Mailbag, Telling
from tasks.sweep.materialise import first_looks, passed, row_of
from tasks.tick import Counts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from catalog.ladder.rungs import Form
    from catalog.plans.difference import Altered
    from catalog.plans.expand import DatedDuty
    from catalog.plans.succession import Heirs
    from catalog.role_names import Addressee
    from ledger.duties.duties import Duty
    from ledger.session import Transaction
    from tasks.act import Act
    from tasks.in_force import InForce
    from tasks.post.directory import Directory

DAYS = {"opens_on", "due_on"}
ANEW = {"due_version", "performer", "lead"}  # rungs of past days no longer apply
RECIPIENTS: tuple[Addressee, ...] = ("performer", "lead", "participants")


class Step(NamedTuple):
    """The amendment of one duty: its row before and after, the new values, all changed rows."""

    deed: str
    was: Duty
    now: Duty
    values: Mapping[str, Any]
    rows: Sequence[Change]

    @property
    def terms(self) -> dict[str, list[Any]]:
        """Before and after of each value, as the history tells it."""
        return {name: [getattr(self.was, name), value] for name, value in self.values.items()}


class Amendment:
    """Two editions of one plan, and the day the second replaces the first."""

    def __init__(self, tx: Transaction, before: InForce, after: InForce, act: Act) -> None:
        self._tx = tx
        self._after = after
        self._act = act
        self._heirs: Heirs = agencies.heirs(tx.conn)
        self.difference: Difference = difference(before.plan, after.plan, self._heirs)

    def apply(self, *, sender: str) -> Counts:
        """Record every step with its notices; ended duties stay unchanged.

        Returns the counts of duties scheduled, amended, waived and reinstated.
        """
        existing = duties.listed(self._tx.conn, plan=self._after.row.plan)
        steps = [step for duty in existing for step in self._steps(duty)]
        notices = self._tell(steps, directory(self._tx.conn, self._after), sender)
        for step, rows in zip(steps, notices, strict=True):
            self._record(step.deed, step.now.key, [*step.rows, *rows], terms=step.terms)
        self._tx.lease(Change("duties", s.now.key, self._place(s)) for s in steps)
        added = self._added({duty.key for duty in existing})
        return Counts(step.deed for step in steps) + Counts(scheduled=added)

    def _steps(self, duty: Duty) -> Iterator[Step]:
        if duty.closed_on is not None:
            return
        if duty.waived_on is not None:
            asked_again = self.difference.added.get(duty.key)
            if asked_again and asked_again.due_on >= self._act.on:
                yield self._reinstated(duty, asked_again)
        elif duty.key in self.difference.removed:
            yield self._step("waived", duty, {"waived_on": self._act.on})
        else:
            values = self._values(duty, self.difference.altered.get(duty.key, ()))
            if values:
                yield self._step("amended", duty, values)

    def _values(self, duty: Duty, altered: Sequence[Altered]) -> dict[str, Any]:
        """Return the columns that the edition changes; the others stay as decided."""
        values = {a.term: a.after for a in altered}
        if DAYS & values.keys():
            values |= self._covers(duty)
        if "opens_on" in values:
            values |= self._opening(duty, values.pop("opens_on"))
        if "due_on" in values:
            values |= self._due(duty, values.pop("due_on"))
        if duty.past_on is not None:
            values |= self._back(duty, values)
        if values.get("performer", duty.performer) != duty.performer:
            values |= dict.fromkeys(OF_PERFORMER)
        if altered:
            values["edition"] = self._after.row.edition
        ladder = self._after.plan.ladder.digest
        if self._after.plan.ladder_applies == "all" and duty.ladder != ladder:
            # A version of its own, so that a rung of the same name may be sent on another day.
            values |= {"ladder": ladder, "due_version": duty.due_version + 1}
        return {name: value for name, value in values.items() if name != "says"}

    def _covers(self, duty: Duty) -> dict[str, Any]:
        """Return the days of the period of a duty from before they were recorded."""
        dated = self._dated.get(duty.key)
        if dated is None or dated.covers_from is None or duty.covers_from:
            return {}
        return {"covers_from": dated.covers_from, "covers_until": dated.covers_until}

    @cached_property
    def _dated(self) -> dict[str, DatedDuty]:
        plan = self._after.plan
        return {d.key: d for d in expand(plan, since=plan.issued_on, until=plan.ends_on)}

    def _opening(self, duty: Duty, opens_on: dt.date) -> dict[str, Any]:
        """Return the new opening day of a duty not yet open: never in the past."""
        return {} if duty.opened_on else {"opens_on": max(opens_on, self._act.on)}

    def _back(self, duty: Duty, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return what brings a past duty back whose due date the edition moves to a day to come."""
        if values.get("due_on", duty.due_on) < max(duty.past_on or self._act.on, self._act.on):
            return {"opens_on": duty.opens_on} if "opens_on" in values else {}
        opens_on = max(values.get("opens_on", duty.opens_on), self._act.on)
        return {"past_on": None, "opens_on": opens_on}

    def _due(self, duty: Duty, due_on: dt.date) -> dict[str, Any]:
        """Return the moved due date as a new version; it is never moved into the past.

        So an amendment alone never makes a duty overdue or a submission late.
        """
        if due_on < duty.due_on:
            due_on = max(due_on, min(duty.due_on, self._act.on))
        if due_on == duty.due_on:
            return {}
        provisional = self._after.workdays.is_provisional(due_on)
        version = duty.due_version + 1
        return {"due_on": due_on, "due_version": version, "provisional": provisional}

    def _reinstated(self, duty: Duty, dated: DatedDuty) -> Step:
        fields = terms(duty.plan, dated, self._heirs)._asdict()
        values: dict[str, Any] = {n: v for n, v in fields.items() if n not in {"says", "opens_on"}}
        values |= self._opening(duty, dated.opens_on) | self._due(duty, values.pop("due_on"))
        values |= dict.fromkeys(("waived_on", "past_on", "acknowledged_on", "asked_on"))
        values["edition"] = self._after.row.edition
        return self._step("reinstated", duty, values)

    def _step(self, deed: str, duty: Duty, values: dict[str, Any]) -> Step:
        now = duty.model_copy(update=values)
        expected = {"due_version": duty.due_version, "closed_on": None, "waived_on": duty.waived_on}
        rows = [
            Change("duties", duty.key, values, expected=expected),
            *self._drafts(deed, duty, now),
        ]
        if deed == "waived":
            rows += self._lapsed(duty)
        if now.due_version != duty.due_version:
            rows.append(self._due_date(duty))
        return Step(deed, duty, now, values, rows)

    def _due_date(self, duty: Duty) -> Change:
        plan = self._after.plan
        values = {
            "due_on": duty.due_on,
            "moved_on": self._act.on,
            "moved_by": self._act.user,
            "deed": "amended",
            "reason": f"{plan.plan} edition {plan.edition}",
            "document": plan.number or plan.title,
        }
        return Change("due_dates", (duty.key, duty.due_version), values, "insert")

    def _drafts(self, deed: str, duty: Duty, now: Duty) -> list[Change]:
        """Withdraw the draft slips whose reason no longer holds."""
        if duty.due_on >= self._act.on:
            return []
        holders = ("performer", "lead", "ladder")
        same = all(getattr(now, name) == getattr(duty, name) for name in holders)
        if deed == "amended" and same and now.due_on <= duty.due_on:
            return []
        state = {"state": "superseded"}
        drafts = messages.drafts_of(self._tx.conn, duty.key)
        return [Change("messages", m, state, expected={"state": "draft"}) for m in drafts]

    def _lapsed(self, duty: Duty) -> list[Change]:
        """End an open extension request together with its duty."""
        request = life.open_request(self._tx.conn, duty.key)
        lapsed = {"outcome": "lapsed", "decided_on": self._act.on, "decided_by": self._act.user}
        return (
            [Change("extensions", request.id, lapsed, expected={"outcome": None})]
            if request
            else []
        )

    def _tell(self, steps: Sequence[Step], book: Directory, sender: str) -> list[list[Change]]:
        tellings = [self._tellings(step, book) for step in steps]
        on, plan = self._act.on, self._after.row.plan
        bag = Mailbag(self._tx, [t for ts in tellings for t in ts], on=on, plan=plan, sender=sender)
        return [[c for t in ts for n in t.notices for c in bag.changes(t, n)] for ts in tellings]

    def _tellings(self, step: Step, book: Directory) -> list[Telling]:
        """Return the notices to all who have a part in the duty, and to those who lost it."""
        if step.was.opened_on is None or step.values.keys() == {"ladder", "due_version"}:
            return []
        edition = self._after.row.edition
        to: dict[Addressee, Form] = dict.fromkeys(RECIPIENTS, "notice")
        now = Telling.of(step.now, f"{step.deed}:{edition}", to, book)
        was = step.was.model_copy(update={"due_version": step.now.due_version})
        farewell = Telling.of(was, f"relieved:edition-{edition}", to, book)
        here = {notice.recipient for notice in now.notices}
        farewell = farewell._replace(
            notices=tuple(n for n in farewell.notices if n.recipient not in here)
        )
        return [now, farewell]

    def _place(self, step: Step) -> dict[str, Any]:
        """Return the day the next sweep looks at the duty: rungs of past days are skipped."""
        if step.deed == "waived" or step.now.past_on is not None:
            return {"look_on": None, "prepare_on": None}
        is_back = step.was.past_on is not None
        prepared = (self._after.prepares_on if is_back else self._after.prepare_on)(step.now)
        if step.now.opened_on is None:
            return {"look_on": step.now.opens_on, "prepare_on": prepared}
        place = {"look_on": self._act.on, "prepare_on": prepared}
        if step.deed == "reinstated" or step.values.keys() & ANEW:
            yesterday = self._act.on - A_DAY
            place["told_through"] = max(step.was.told_through or yesterday, yesterday)
        return place

    def _added(self, existing: set[str]) -> int:
        """Create the duties that open in the time already expanded.

        They start with this amendment: what was due before is past. Ledgers of before the start
        was recorded leave that out.
        """
        row, on = self._after.row, self._act.on
        if row.expanded_through is None:
            return 0
        dated_duties = expand(self._after.plan, since=row.issued_on, until=row.expanded_through)
        every = (each for duty in dated_duties for each in self._heirs.apart(row.plan, duty))
        start_on = max(row.start_on or on, on)
        new = [
            duty
            for duty in {duty.key: duty for duty in every}.values()
            if duty.key not in existing and (row.start_on or duty.due_on >= on)
        ]
        for duty in new:
            values = row_of(duty, self._after, self._heirs, start_on=start_on)
            rungs = passed(duty, self._after, start_on)
            self._record(
                "scheduled", duty.key, [Change("duties", duty.key, values, "insert")], **rungs
            )
        looks = ((d.key, first_looks(d, self._after, start_on=start_on)) for d in new)
        self._tx.lease(Change("duties", key, days) for key, days in looks)
        return len(new)

    def _record(self, deed: str, key: str, rows: Sequence[Change], **note: object) -> None:
        self._tx.record(
            deed,
            key,
            changes=rows,
            note={"on": self._act.on, "edition": self._after.row.edition, **note},
            at=self._act.at,
            actor=self._act.user,
        )
