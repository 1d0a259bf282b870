"""Due rungs turned into notices: one for each duty and recipient, gathered in digests."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.ladder.due import Look, look
from catalog.ladder.rungs import Form, rung_of
from ledger.duties import duties
from ledger.store.changes import Change
from tasks.in_force import in_force
from tasks.post.directory import Directory, directory
from tasks.post.mailbag import Mailbag, Telling
from tasks.sweep.due_pages import act_on_due
from tasks.tick import Counts

if TYPE_CHECKING:
    from ledger.duties.duties import Duty
    from ledger.session import Ledger, Transaction
    from tasks.in_force import InForce
    from tasks.tick import Tick


class DutyLook(NamedTuple):
    """The result of a look at one duty; `telling` is None if no rung is due."""

    duty: Duty
    look: Look
    telling: Telling | None


def tell(ledger: Ledger, tick: Tick, form: Form) -> Counts:
    """Record the notices of every due rung of `form`, and set the next look of each duty.

    If several rungs fall on one day, the highest is sent and the others are recorded as coalesced
    (docs/rules.md, Days). The notices, their messages and the history entry are one transaction
    (docs/rules.md, The guarantee of delivery).
    """
    counts = Counts()

    def act(tx: Transaction, page: list[Duty]) -> None:
        edition = in_force(tx.conn, tick.plan)
        book = directory(tx.conn, edition)
        candidates = (
            _look(duty, edition, tick, book, form=form) for duty in page if duty.opened_on
        )
        looks = [duty_look for duty_look in candidates if duty_look]
        looks = _without_recorded(tx, looks, edition.workdays.version)
        _record(tx, looks, tick, ledger.settings.sender)
        counts.update(_count(looks, form))

    act_on_due(ledger, tick, act)
    return counts


def is_due(duty: Duty, edition: InForce, tick: Tick, *, form: Form) -> bool:
    """Tell whether the gravest rung due of the duty, open or about to open, has this form."""
    ladder, due = edition.ladders[duty.ladder], _due(duty, edition, tick)
    is_open = duty.opened_on is not None or duty.opens_on <= tick.on
    return is_open and due.rung is not None and rung_of(ladder, due.rung).form == form


def _due(duty: Duty, edition: InForce, tick: Tick) -> Look:
    return look(
        edition.ladders[duty.ladder],
        edition.workdays,
        duties.facts(duty),
        told_through=duty.told_through,
        today=tick.on,
    )


def _look(
    duty: Duty, edition: InForce, tick: Tick, book: Directory, *, form: Form
) -> DutyLook | None:
    """Return the due rung of `duty`; None if one of the other form is due, which has its step."""
    ladder, due = edition.ladders[duty.ladder], _due(duty, edition, tick)
    if due.rung is None:
        return DutyLook(duty, due, None)
    if rung_of(ladder, due.rung).form != form:
        return None
    to = {addressee.role: addressee.form for addressee in due.to}
    telling = Telling.of(duty, due.rung, to, book, coalesced=due.coalesced)
    return DutyLook(duty, due, telling)


def _without_recorded(tx: Transaction, looks: list[DutyLook], workdays: str) -> list[DutyLook]:
    """Leave out rungs already sent that amended working days have moved to a later day."""
    moved = [s.telling for s in looks if s.telling and s.duty.workdays_version != workdays]
    ids = {notice.id for telling in moved for notice in telling.notices}
    if not (recorded := tx.present("notices", ids)):
        return looks

    def is_told(telling: Telling | None) -> bool:
        return telling is not None and any(notice.id in recorded for notice in telling.notices)

    return [s._replace(telling=None) if is_told(s.telling) else s for s in looks]


def _record(tx: Transaction, looks: list[DutyLook], tick: Tick, sender: str) -> None:
    tellings = [s.telling for s in looks if s.telling]
    bag = Mailbag(tx, tellings, on=tick.on, plan=tick.plan, sender=sender)
    for duty, due, telling in looks:
        if telling is None:
            continue
        asked = [Change("duties", duty.key, {"asked_on": tick.on})] if due.asks else []
        tx.record(
            "escalated" if telling.slips else "reminded",
            duty.key,
            changes=[*asked, *(c for n in telling.notices for c in bag.changes(telling, n))],
            note={"rung": telling.rung, "coalesced": telling.coalesced, "on": tick.on},
            at=tick.at,
            actor=tick.actor,
        )
    tx.lease(
        Change("duties", s.duty.key, {"told_through": tick.on, "look_on": s.look.next_on})
        for s in looks
    )


def _count(looks: list[DutyLook], form: Form) -> Counts:
    tellings = [s.telling for s in looks if s.telling]
    return Counts(
        {
            "reminded" if form == "notice" else "escalated": len(tellings),
            "coalesced": sum(len(t.coalesced) for t in tellings),
            "drafted": sum(t.slips for t in tellings),
        }
    )
