"""Tell what the ladder says is due: one notice a duty and recipient, gathered into digests."""

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


class Seen(NamedTuple):
    """What looking at one duty led to; `telling` is None where no rung is due."""

    duty: Duty
    look: Look
    telling: Telling | None


def tell(ledger: Ledger, tick: Tick, form: Form) -> Counts:
    """Tell every due rung of `form`, and move on the duties for which nothing is due.

    Where several rungs fall on one day the highest is told and the others are recorded with it
    (docs/rules.md, Days). The notices, their messages and the history entry are one transaction
    (docs/rules.md, The guarantee of delivery).
    """
    counts = Counts()

    def act(tx: Transaction, page: list[Duty]) -> None:
        held = in_force(tx.conn, tick.plan)
        book = directory(tx.conn, held)
        looked = (_look(duty, held, tick, book, form=form) for duty in page if duty.opened_on)
        mine = [seen for seen in looked if seen]
        mine = _untold(tx, mine, held.workdays.version)
        _record(tx, mine, tick, ledger.settings.sender)
        counts.update(_count(mine, form))

    act_on_due(ledger, tick, act)
    return counts


def _look(duty: Duty, held: InForce, tick: Tick, book: Directory, *, form: Form) -> Seen | None:
    """Return what is due of `duty`, None where a rung of the other form is: it has its own step."""
    ladder = held.ladders[duty.ladder]
    found = look(
        ladder,
        held.workdays,
        duties.facts(duty),
        told_through=duty.told_through,
        today=tick.on,
    )
    if found.rung is None:
        return Seen(duty, found, None)
    if rung_of(ladder, found.rung).form != form:
        return None
    to = {told.role: told.form for told in found.to}
    telling = Telling.of(duty, found.rung, to, book, coalesced=found.coalesced)
    return Seen(duty, found, telling)


def _untold(tx: Transaction, seen: list[Seen], workdays: str) -> list[Seen]:
    """Leave out the rungs that amended working days moved to a later day after they were told."""
    moved = [s.telling for s in seen if s.telling and s.duty.workdays_version != workdays]
    ids = {notice.id for telling in moved for notice in telling.notices}
    if not (known := tx.present("notices", ids)):
        return seen

    def is_told(telling: Telling | None) -> bool:
        return telling is not None and any(notice.id in known for notice in telling.notices)

    return [s._replace(telling=None) if is_told(s.telling) else s for s in seen]


def _record(tx: Transaction, seen: list[Seen], tick: Tick, sender: str) -> None:
    told = [s.telling for s in seen if s.telling]
    bag = Mailbag(tx, told, on=tick.on, plan=tick.plan, sender=sender)
    for telling in told:
        tx.record(
            "escalated" if telling.slips else "reminded",
            telling.duty.key,
            changes=[c for n in telling.notices for c in bag.changes(telling, n)],
            note={"rung": telling.rung, "coalesced": telling.coalesced, "on": tick.on},
            at=tick.at,
            actor=tick.actor,
        )
    tx.lease(
        Change("duties", s.duty.key, {"told_through": tick.on, "look_on": s.look.next_on})
        for s in seen
    )


def _count(seen: list[Seen], form: Form) -> Counts:
    told = [s.telling for s in seen if s.telling]
    return Counts(
        {
            "reminded" if form == "notice" else "escalated": len(told),
            "coalesced": sum(len(t.coalesced) for t in told),
            "drafted": sum(t.slips for t in told),
        }
    )
