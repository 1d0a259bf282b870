"""What every deed shares: gather the case, ask the table of rights, record, tell who must know."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from catalog.clean import clean
from catalog.dates.days import A_DAY
from catalog.duties.deeds import DEEDS
from catalog.duties.refusal import Case, refusal
from catalog.duties.standing import standing
from catalog.errors import ConflictError
from ledger.duties import duties, life
from ledger.people import users as people
from ledger.post import messages, notices
from ledger.proof import chain
from ledger.store.changes import Change
from tasks.in_force import in_force
from tasks.post.directory import directory
from tasks.post.mailbag import Mailbag, Telling

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from catalog.duties.deeds import Deed
    from catalog.roles import Addressee, Role
    from ledger.duties.duties import Duty
    from ledger.session import Connection, Ledger, Transaction
    from tasks.act import Act
    from tasks.in_force import InForce


class Doing:
    """One deed under way: the duty as it stands, the open transaction, and how to record it.

    `said` is what the deed was given, fit to be kept; `users` are the actor and all whom it
    stands in for.
    """

    def __init__(
        self,
        tx: Transaction,
        duty: Duty,
        act: Act,
        *,
        deed: Deed,
        said: Mapping[str, Any],
        sender: str,
    ) -> None:
        self.tx = tx
        self.deed = deed
        self.duty = duty
        self.act = act
        self.said = said
        self.edition: InForce = in_force(tx.conn, duty.plan)
        self.users = people.acting_for(tx.conn, act.user, act.on)
        self._sender = sender

    def record(
        self, values: dict[str, Any], *more: Change, entry: str = "", **note: object
    ) -> None:
        """Record `values` of the duty and `more` rows under one entry, with what was said.

        The entry is named as the deed declares, or `entry`. `note` says the rest; for a substitute
        it names whom they stood in for.
        """
        facts = [Change("duties", self.duty.key, values)] if values else []
        stood_in = {"for": [user.id for user in self.users[1:]]} if self.users[1:] else {}
        said = {name: value for name, value in self.said.items() if value}
        self.tx.record(
            entry or self.deed.entry,
            self.duty.key,
            changes=[*facts, *more],
            note={"on": self.act.on, **stood_in, **said, **note},
            at=self.act.at,
            actor=self.act.user,
        )

    def tell(self, event: str, to: Sequence[Addressee], *, today: bool = False) -> list[Change]:
        """Return the rows of a notice of `event` to each of these roles, but the actor's own.

        `event` is unique in the duty (`returned:2`), as a rung is. The notice travels in the
        recipient's next digest: after the sweep of the day that is tomorrow's, unless it is meant
        for `today` and today's has not left yet. The rows belong into the entry of the deed that
        caused them.
        """
        book = directory(self.tx.conn, self.edition)
        own = {user.agency for user in self.users}
        told = Telling.of(self.duty, event, dict.fromkeys(to, "notice"), book)
        others = [n for n in told.notices if n.recipient.partition("/")[0] not in own]
        told = told._replace(notices=tuple(others))
        swept = self.edition.row.swept_through
        on = self.act.on if today or not swept or swept < self.act.on else self.act.on + A_DAY
        bag = Mailbag(self.tx, [told], on=on, plan=self.duty.plan, sender=self._sender)
        return [change for notice in told.notices for change in bag.changes(told, notice)]

    def nth(self, deed: str) -> int:
        """Return which time it is that `deed` is done to this duty, from 1."""
        return 1 + chain.count(self.tx.conn, self.duty.key, deed)

    def end(self) -> list[Change]:
        """Return what ends with the duty: draft slips, and a request nobody has decided."""
        lapsed = {"outcome": "lapsed", "decided_on": self.act.on, "decided_by": self.act.user}
        asked = life.open_request(self.tx.conn, self.duty.key)
        self.tx.lease([Change("duties", self.duty.key, {"look_on": None})])
        rows = [Change("extensions", asked.id, lapsed, expected={"outcome": None})] if asked else []
        return [*rows, *self.withdraw_slips()]

    def withdraw_slips(self) -> list[Change]:
        """Return what takes back the slips of the duty that nobody has released."""
        return [
            Change("messages", draft, {"state": "superseded"}, expected={"state": "draft"})
            for draft in messages.drafts_of(self.tx.conn, self.duty.key)
        ]

    def wake(self, *, told_through: dt.date | None = None) -> None:
        """Have the next sweep look at the duty: a fact the ladder depends on has changed.

        `told_through` passes over the rungs up to that day, where the clock stood still.
        """
        place: dict[str, Any] = {"look_on": max(self.act.on, self.duty.opens_on)}
        place["prepare_on"] = self.edition.prepare_on(self.duty)
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
    told = {name: clean(v) if isinstance(v, str) else v for name, v in said.items()}
    with ledger.transaction() as tx:
        duty = duties.one(tx.conn, key, lock=True)
        it = Doing(tx, duty, act, deed=DEEDS[deed], said=told, sender=ledger.settings.sender)
        case = _case(tx.conn, duty, act, it.users, office=it.edition.plan.office, said=told)
        rule = refusal(deed, case)
        if rule is not None:
            raise ConflictError(f"rule-{rule}", deed=deed, key=key, user=act.user)
        yield it


def allowed(
    conn: Connection, duty: Duty, act: Act, *, users: Sequence[people.User], office: str
) -> frozenset[str]:
    """Return the deeds `act.user` could do now, if it said with each what it needs.

    `users` are the user and all whom it stands in for.
    """
    case = _case(conn, duty, act, users, office=office, said={"to": "later"})
    return frozenset(deed for deed in DEEDS if _lacking(deed, case) is None)


def forbidden(
    conn: Connection, deed: str, duty: Duty, act: Act, *, users: Sequence[people.User], office: str
) -> str | None:
    """Return the rule that would refuse the one `deed`, None where `allowed` has it."""
    case = _case(conn, duty, act, users, office=office, said={"to": "later"})
    return _lacking(deed, case)


def _lacking(deed: str, case: Case) -> str | None:
    """Return the rule that refuses `deed` even if all is said that it needs."""
    return refusal(deed, case._replace(said=frozenset(DEEDS[deed].needs)))


def _case(
    conn: Connection,
    duty: Duty,
    act: Act,
    users: Sequence[people.User],
    *,
    office: str,
    said: Mapping[str, Any],
) -> Case:
    filed = life.submissions(conn, duty.key)
    asked = life.open_request(conn, duty.key)
    to = said.get("to") or (asked.asked_to if asked else None)
    held_on = said.get("held_on")
    return Case(
        actor=act.user,
        roles=roles(users, duty, office),
        status=standing(duties.facts(duty), act.on).status,
        said=frozenset(name for name, value in said.items() if value),
        lead_performs=duty.lead == duty.performer,
        acknowledged=duty.acknowledged_on is not None,
        accepted=duty.accepted_on is not None,
        refused=duty.refused_on is not None,
        has_quota=duty.quota_min is not None,
        asked=asked is not None,
        urged=notices.is_told(conn, duty.key, f"urged:{act.on}"),
        filed_by=filed[-1].filed_by if filed and filed[-1].returned_on is None else "",
        doers=frozenset(who for s in filed for who in (s.filed_by, s.accepted_by) if who),
        later=not isinstance(to, dt.date) or to > max(duty.due_on, act.on - A_DAY),
        ahead=isinstance(held_on, dt.date) and held_on > act.on,
    )


def roles(users: Sequence[people.User], duty: Duty, office: str) -> frozenset[Role]:
    """Return what these users are to the duty: a person, and whom it stands in for."""
    found: set[Role] = set()
    for user in users:
        if user.role == "administrator":  # looks after the system, and decides nothing
            continue
        if user.role == "reviewer":
            found.add("reviewer")
        elif user.agency == office:
            found.add("office")
        else:
            found |= {name for name, agencies in _parts(duty).items() if user.agency in agencies}
    return frozenset(found)


def _parts(duty: Duty) -> dict[Role, tuple[str, ...]]:
    return {"performer": (duty.performer,), "lead": (duty.lead,), "participant": duty.participants}
