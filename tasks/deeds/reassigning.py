"""How work passes to others: a duty to another agency, a person's rights to a substitute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.dates.days import A_DAY
from catalog.errors import ConflictError, NotFoundError
from ledger.people import users
from ledger.plans import editions
from ledger.post import contacts
from ledger.store.changes import Change
from tasks.deeds.frame import doing
from tasks.deeds.registry import does
from tasks.in_force import in_force

if TYPE_CHECKING:
    import datetime as dt

    from ledger.session import Ledger, Transaction
    from tasks.act import Act


@does("reassign")
def reassign(
    ledger: Ledger, key: str, act: Act, *, to: str, reason: str, document: str = ""
) -> None:
    """Give the duty to the agency `to` as its performer; it is asked to sign for it anew.

    Given to the agency that has it, this is the office's answer to a refusal: it stays there.
    NotFoundError for an agency nobody registered.
    """
    with doing(ledger, "reassign", key, act, to=to, reason=reason, document=document) as it:
        if to not in contacts.agencies(it.tx.conn):
            raise NotFoundError("agency-unknown", agency=to)
        number, former = it.nth("reassigned"), it.duty.performer
        relieved = former not in (to, it.duty.lead)
        told = it.tell(f"relieved:{number}", ["performer"]) if relieved else []
        it.duty = it.duty.model_copy(update={"performer": to})
        told += it.tell(f"reassigned:{number}", ["performer", "lead"])
        facts = {"performer": to, "acknowledged_on": None, "refused_on": None}
        it.record(facts, *told, former=former)
        # What the former performer left unsigned until yesterday is not held against the new one.
        it.wake(told_through=max(it.duty.told_through or act.on - A_DAY, act.on - A_DAY))


def delegate(
    ledger: Ledger,
    user: str,
    act: Act,
    *,
    substitute: str,
    until: dt.date,
    since: dt.date | None = None,
) -> None:
    """Let `substitute` do what `user` may, from `since` (today unless said) to `until`.

    A user lends its own rights, the office lends anybody's; a substitute cannot pass them on.
    NotFoundError for an unknown user, ConflictError for days that are past or the wrong way round,
    and where one of the two is a reviewer and the other is not.
    """
    first = since or act.on
    with ledger.transaction() as tx:
        _may_lend(tx, user, act)
        if first < act.on or until < first:
            raise ConflictError("delegation-days", since=first, until=until)
        lender, taker = users.user(tx.conn, user), users.user(tx.conn, substitute)
        if lender == taker or lender.role != taker.role:
            raise ConflictError("delegation-unfit", user=user, substitute=substitute)
        number = len(users.delegations(tx.conn, of=user)) + 1
        values = {"user": user, "substitute": substitute, "since": first, "until": until}
        row = Change("delegations", f"{user}#substitute-{number}", values, "insert")
        tx.record("delegated", user, changes=[row], at=act.at, actor=act.user)


def end_delegation(ledger: Ledger, user: str, act: Act, *, substitute: str) -> None:
    """Take back from today what `user` has lent to `substitute`; NotFoundError if nothing is."""
    with ledger.transaction() as tx:
        _may_lend(tx, user, act)
        lent = [
            Change("delegations", d.id, {"until": act.on - A_DAY})
            for d in users.delegations(tx.conn, of=user)
            if d.substitute == substitute and d.until >= act.on
        ]
        if not lent:
            raise NotFoundError("delegation-unknown", user=user, substitute=substitute)
        tx.record("delegation-ended", user, changes=lent, at=act.at, actor=act.user)


def _may_lend(tx: Transaction, user: str, act: Act) -> None:
    me, *_ = users.acting_for(tx.conn, act.user, act.on)
    offices = {in_force(tx.conn, e.plan).plan.office for e in editions.all_in_force(tx.conn)}
    if me.id != user and me.agency not in offices:
        raise ConflictError("delegation-of-another", user=act.user, of=user)
