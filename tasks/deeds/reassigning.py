"""Reassignment of duties to another agency, and of a person's rights to a substitute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.dates.days import A_DAY
from catalog.duties.deeds import OF_PERFORMER
from catalog.errors import ConflictError, NotFoundError
from ledger.people import users
from ledger.plans import editions
from ledger.post import contacts
from ledger.store.changes import Change
from tasks.deeds.frame import open_deed
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
    """Make the agency `to` the performer of the duty; it must acknowledge it anew.

    Slips in draft are addressed to the former performer, and are withdrawn. Naming the present
    performer is the office's answer to a refusal: the duty stays there.
    NotFoundError for an unregistered agency.
    """
    with open_deed(ledger, "reassign", key, act, to=to, reason=reason, document=document) as deed:
        if to not in contacts.agencies(deed.tx.conn):
            raise NotFoundError("agency-unknown", agency=to)
        withdrawn = deed.withdraw_slips() if to != deed.duty.performer else []
        number, former = deed.nth("reassigned"), deed.duty.performer
        is_relieved = former not in (to, deed.duty.lead)
        notices = deed.notify(f"relieved:{number}", ["performer"]) if is_relieved else []
        deed.duty = deed.duty.model_copy(update={"performer": to})
        notices += deed.notify(f"reassigned:{number}", ["performer", "lead"])
        facts = {"performer": to} | dict.fromkeys(OF_PERFORMER)
        deed.record(facts, *notices, *withdrawn, former=former)
        # Rungs up to yesterday were for the former performer.
        deed.wake(told_through=max(deed.duty.told_through or act.on - A_DAY, act.on - A_DAY))


def delegate(
    ledger: Ledger,
    user: str,
    act: Act,
    *,
    substitute: str,
    until: dt.date,
    since: dt.date | None = None,
) -> None:
    """Let `substitute` do what `user` may, from `since` (default: today) to `until`.

    Users lend their own rights, the office lends anybody's; a substitute cannot pass them on.
    NotFoundError for an unknown user, ConflictError for days that are past or in the wrong order,
    for two posts of one person, and for two users of different roles.
    """
    first = since or act.on
    with ledger.transaction() as tx:
        _may_lend(tx, user, act)
        if first < act.on or until < first:
            raise ConflictError("delegation-days", since=first, until=until)
        lender, taker = users.user(tx.conn, user), users.user(tx.conn, substitute)
        is_same = users.person_of(tx.conn, user) == users.person_of(tx.conn, substitute)
        if is_same or lender.role != taker.role:
            raise ConflictError("delegation-unfit", user=user, substitute=substitute)
        number = len(users.delegations(tx.conn, of=user)) + 1
        values = {"user": user, "substitute": substitute, "since": first, "until": until}
        row = Change("delegations", f"{user}#substitute-{number}", values, "insert")
        tx.record("delegated", user, changes=[row], at=act.at, actor=act.user)


def end_delegation(ledger: Ledger, user: str, act: Act, *, substitute: str) -> None:
    """End the delegation of `user` to `substitute` from today; NotFoundError if there is none."""
    with ledger.transaction() as tx:
        _may_lend(tx, user, act)
        rows = [
            Change("delegations", d.id, {"until": act.on - A_DAY})
            for d in users.delegations(tx.conn, of=user)
            if d.substitute == substitute and d.until >= act.on
        ]
        if not rows:
            raise NotFoundError("delegation-unknown", user=user, substitute=substitute)
        tx.record("delegation-ended", user, changes=rows, at=act.at, actor=act.user)


def _may_lend(tx: Transaction, user: str, act: Act) -> None:
    actor, *_ = users.acting_for(tx.conn, act.user, act.on)
    offices = {in_force(tx.conn, e.plan).plan.office for e in editions.all_in_force(tx.conn)}
    if actor.id != user and actor.agency not in offices:
        raise ConflictError("delegation-of-another", user=act.user, of=user)
