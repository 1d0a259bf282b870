"""What every deed shares: gather the case, ask the table of rights, record, tell who must know."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.errors import ConflictError
from catalog.roles import Case, Role, refusal
from catalog.standing import standing
from ledger import duties, life, people
from ledger.changes import Change
from tasks.directory import directory
from tasks.editions import in_force
from tasks.mailbag import Mailbag, Telling

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from catalog.ladder import Role as Addressee
    from ledger.duties import Held
    from ledger.session import Ledger, Transaction
    from tasks.editions import InForce


class Act(NamedTuple):
    """Who acts, on which calendar day of the plan's zone, at which instant."""

    user: str
    on: dt.date
    at: dt.datetime


class Doing:
    """One deed under way: the duty as it stands, the open transaction, and how to record it."""

    def __init__(self, tx: Transaction, held: InForce, duty: Held, act: Act, sender: str) -> None:
        self.tx = tx
        self.edition = held
        self.duty = duty
        self.act = act
        self._sender = sender

    def record(self, deed: str, values: dict[str, Any], *more: Change, **note: object) -> None:
        """Record `values` of the duty and `more` rows under one entry; `note` says the rest."""
        facts = [Change("duties", self.duty.key, values)] if values else []
        self.tx.record(
            deed,
            self.duty.key,
            changes=[*facts, *more],
            note={"on": self.act.on, **note},
            at=self.act.at,
            actor=self.act.user,
        )

    def tell(self, event: str, to: Sequence[Addressee]) -> list[Change]:
        """Return the rows of a notice of `event` to each of these roles, but the actor's own.

        `event` is unique in the duty (`returned:2`), as a rung is; the notice travels in the
        recipient's next digest. The rows belong into the entry of the deed that caused them.
        """
        book = directory(self.tx.conn, self.edition)
        told = Telling.of(self.duty, event, dict.fromkeys(to, "notice"), book)
        bag = Mailbag(self.tx, [told], on=self.act.on, plan=self.duty.plan, sender=self._sender)
        return [change for notice in told.notices for change in bag.changes(told, notice)]

    def wake(self, *, told_through: dt.date | None = None) -> None:
        """Have the next sweep look at the duty: a fact the ladder depends on has changed.

        `told_through` passes over the rungs up to that day, where the clock stood still.
        """
        place: dict[str, Any] = {"look_on": self.act.on}
        if told_through is not None:
            place["told_through"] = told_through
        self.tx.lease([Change("duties", self.duty.key, place)])


@contextmanager
def doing(ledger: Ledger, deed: str, key: str, act: Act, **said: object) -> Iterator[Doing]:
    """Open the transaction of `deed` on duty `key`, once the table of rights allows it.

    `said` are the fields the deed was given. Raises NotFoundError for an unknown duty or user,
    ConflictError naming the rule that refuses; two officers at once are two transactions, and
    the second sees what the first has decided.
    """
    with ledger.transaction() as tx:
        duty = duties.one(tx.conn, key)
        case = _case(tx, duty, act, said)
        rule = refusal(deed, case)
        if rule is not None:
            raise ConflictError(f"rule-{rule}", deed=deed, key=key, user=act.user)
        yield Doing(tx, in_force(tx.conn, duty.plan), duty, act, ledger.settings.mail_from)


def _case(tx: Transaction, duty: Held, act: Act, said: dict[str, object]) -> Case:
    office = in_force(tx.conn, duty.plan).plan.office
    review = life.under_review(tx.conn, duty.key)
    return Case(
        actor=act.user,
        roles=roles(people.acting_for(tx.conn, act.user, act.on), duty, office),
        status=standing(duties.facts(duty), act.on).status,
        said=frozenset(name for name, value in said.items() if value),
        lead_performs=duty.lead == duty.performer,
        acknowledged=duty.acknowledged_on is not None,
        accepted=duty.accepted_on is not None,
        refused=duty.refused_on is not None,
        has_quota=duty.quota_min is not None,
        asked=life.open_request(tx.conn, duty.key) is not None,
        filed_by=review.filed_by if review else "",
        accepted_by=(review.accepted_by or "") if review else "",
    )


def roles(users: Sequence[people.User], duty: Held, office: str) -> frozenset[Role]:
    """Return what these users are to the duty: a person, and whom it stands in for."""
    found: set[Role] = set()
    for user in users:
        if user.role == "reviewer":
            found.add("reviewer")
        elif user.agency == office:
            found.add("office")
        else:
            found |= {name for name, agencies in _parts(duty).items() if user.agency in agencies}
    return frozenset(found)


def _parts(duty: Held) -> dict[Role, tuple[str, ...]]:
    return {"performer": (duty.performer,), "lead": (duty.lead,), "participant": duty.participants}
