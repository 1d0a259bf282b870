"""Escalation: the due slips, drafted for the office to release.

More than a few at once wait until a person has confirmed them, whatever the reason: a machine that
was off, a ladder amended, many duties due on one day. Reminders of other duties go on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ledger.duties import duties
from ledger.plans import editions
from ledger.store.changes import Change
from tasks.in_force import in_force
from tasks.sweep.telling import is_due, tell
from tasks.tick import Counts, Tick

if TYPE_CHECKING:
    from ledger.plans.editions import Edition
    from ledger.session import Connection, Ledger, Transaction
    from tasks.act import Act

FEW = 5  # slips that one sweep drafts unasked
PAGE = 5000


def escalate(ledger: Ledger, tick: Tick) -> Counts:
    """Draft the slips due up to `tick.on` and notify the office; hold more than FEW.

    Slips of a demonstration, and of a rehearsal, are not held.
    """
    with ledger.read() as conn:
        edition = editions.in_force(conn, tick.plan)
        is_free = edition.is_demo or ledger.is_rehearsal
        count = 0 if is_free else slips_due(conn, tick)
    if count > FEW and not tick.confirmed:
        return _hold(ledger, tick, count)
    if count > FEW or edition.slips_held:
        _let_go(ledger, tick, count)
    return tell(ledger, tick, "slip")


def slips_due(conn: Connection, tick: Tick) -> int:
    """Return how many slips are due in the plan of `tick` up to its day, in all its duties."""
    edition, count, after = in_force(conn, tick.plan), 0, None
    while page := duties.due(conn, plan=tick.plan, on=tick.on, after=after, limit=PAGE):
        count += sum(is_due(duty, edition, tick, form="slip") for duty in page)
        after = page[-1]
    return count


def release(ledger: Ledger, plan: str, act: Act) -> Counts:
    """Draft the slips that are held, as a person confirms them; they stand in the history."""
    with ledger.read() as conn:
        swept = editions.in_force(conn, plan).swept_through
    on = swept or act.on
    return escalate(ledger, Tick(plan, on, act.at, confirmed=act.user))


def _hold(ledger: Ledger, tick: Tick, count: int) -> Counts:
    """Record how many slips wait, once; the duties stay due for a look."""
    with ledger.transaction() as tx:
        edition = editions.in_force(tx.conn, tick.plan)
        if edition.slips_held != count:
            _record(tx, edition, tick, "slips-held", held=count, count=count)
    return Counts(held=count)


def _let_go(ledger: Ledger, tick: Tick, count: int) -> None:
    """Record who confirmed the slips, or that no more than a few are left."""
    deed = "slips-confirmed" if count > FEW else "slips-held"
    actor = tick.confirmed if count > FEW else tick.actor
    with ledger.transaction() as tx:
        edition = editions.in_force(tx.conn, tick.plan)
        _record(tx, edition, replace(tick, actor=actor), deed, held=0, count=count)


def _record(
    tx: Transaction, edition: Edition, tick: Tick, deed: str, *, held: int, count: int
) -> None:
    row = Change("editions", (edition.plan, edition.edition), {"slips_held": held})
    note = {"on": tick.on, "count": count}
    tx.record(deed, tick.plan, changes=[row], note=note, at=tick.at, actor=tick.actor)
