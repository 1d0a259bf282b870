"""The frame of every deed: gather the case, check the right, record, notify."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from catalog.clean import LONGEST_LINE, LONGEST_TEXT, typed
from catalog.dates.days import A_DAY
from catalog.duties import adhoc
from catalog.duties.deeds import DEEDS, OFFICE
from catalog.duties.refusal import Case, refusal
from catalog.duties.standing import standing
from catalog.errors import ConflictError
from ledger.duties import duties, life, meetings
from ledger.people import users
from ledger.post import messages, notices
from ledger.proof import chain
from ledger.store.changes import Change
from tasks.deeds import held_days
from tasks.deeds.amount import check_amount
from tasks.in_force import in_force
from tasks.post.directory import directory
from tasks.post.mailbag import Mailbag, Telling

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from catalog.duties.declaration import Deed
    from catalog.role_names import Addressee, Role
    from ledger.duties.duties import Duty
    from ledger.session import Connection, Ledger, Transaction
    from tasks.act import Act
    from tasks.in_force import InForce


class OpenDeed:
    """A deed in its open transaction: the duty as it stands, the act, and the typed fields.

    `fields` are cleaned; `actors` are the acting user and everyone they substitute for.
    """

    def __init__(
        self,
        tx: Transaction,
        duty: Duty,
        act: Act,
        *,
        declaration: Deed,
        fields: Mapping[str, Any],
        sender: str,
    ) -> None:
        self.tx = tx
        self.declaration = declaration
        self.duty = duty
        self.act = act
        self.fields = fields
        self.edition: InForce = in_force(tx.conn, duty.plan)
        self.actors = users.acting_for(tx.conn, act.user, act.on)
        self._sender = sender

    def record(
        self, values: dict[str, Any], *more: Change, entry: str = "", **note: object
    ) -> None:
        """Record `values` of the duty and `more` rows under one entry, with the fields.

        The entry has the name that the deed declares, or `entry`. Besides `note`, its note names
        for a substitute whom they stood in for, and for a relayed word whose it is. The day of a
        deed that speaks is one of the values.
        """
        if self.declaration.speaks:
            values = {**values, "spoken_on": self.act.on}
        facts = [Change("duties", self.duty.key, values)] if values else []
        stood_in = {"for": [user.id for user in self.actors[1:]]} if self.actors[1:] else {}
        fields = {name: value for name, value in self.fields.items() if value}
        relayed = {"relayed": self.relayed} if self.relayed else {}
        self.tx.record(
            entry or self.declaration.entry,
            self.duty.key,
            changes=[*facts, *more],
            note={"on": self.act.on, **stood_in, **relayed, **fields, **note},
            at=self.act.at,
            actor=self.act.user,
        )

    @property
    def relayed(self) -> dict[str, str]:
        """The columns of a word that tell whose it is, where the office passes it on."""
        return self.act.relay._asdict() if self.act.relay else {}

    def notify(self, event: str, to: Sequence[Addressee], *, today: bool = False) -> list[Change]:
        """Return the rows of a notice of `event` to each of these roles, except the actor's own.

        `event` is unique in the duty (`returned:2`), as a rung is. The notice goes into the
        recipient's next digest: tomorrow's after the sweep of the day, unless it is for `today`
        and today's has not left yet. The rows go into the entry of the deed.
        """
        book = directory(self.tx.conn, self.edition)
        own = {actor.agency for actor in self.actors}
        own |= {self.act.relay.agency} if self.act.relay else set()
        telling = Telling.of(self.duty, event, dict.fromkeys(to, "notice"), book)
        others = [n for n in telling.notices if n.recipient.partition("/")[0] not in own]
        telling = telling._replace(notices=tuple(others))
        swept = self.edition.row.swept_through
        on = self.act.on if today or not swept or swept < self.act.on else self.act.on + A_DAY
        bag = Mailbag(self.tx, [telling], on=on, plan=self.duty.plan, sender=self._sender)
        return [change for notice in telling.notices for change in bag.changes(telling, notice)]

    def nth(self, entry: str) -> int:
        """Return the number that the next `entry` of this duty has, from 1."""
        return 1 + chain.count(self.tx.conn, self.duty.key, entry)

    def end(self) -> list[Change]:
        """Return the changes at the end of the duty: of draft slips and an undecided request."""
        lapsed = {"outcome": "lapsed", "decided_on": self.act.on, "decided_by": self.act.user}
        request = life.open_request(self.tx.conn, self.duty.key)
        self.tx.lease([Change("duties", self.duty.key, {"look_on": None})])
        rows = self.withdraw_slips()
        if request:
            rows.insert(0, Change("extensions", request.id, lapsed, expected={"outcome": None}))
        return rows

    def withdraw_slips(self) -> list[Change]:
        """Return the changes that withdraw the unreleased slips of the duty."""
        return [
            Change("messages", draft, {"state": "superseded"}, expected={"state": "draft"})
            for draft in messages.drafts_of(self.tx.conn, self.duty.key)
        ]

    def wake(self, *, told_through: dt.date | None = None) -> None:
        """Have the next sweep look at the duty, as a fact that the ladder depends on has changed.

        `told_through` skips the rungs up to that day, on which the clock stood still.
        """
        place: dict[str, Any] = {"look_on": max(self.act.on, self.duty.opens_on)}
        place["prepare_on"] = self.edition.prepare_on(self.duty)
        if told_through is not None:
            place["told_through"] = told_through
        self.tx.lease([Change("duties", self.duty.key, place)])

    def prepare(self, *, anew: bool = False) -> None:
        """Set the day of the duty's material by its present days; `anew` also if it has some."""
        day = (self.edition.prepares_on if anew else self.edition.prepare_on)(self.duty)
        self.tx.lease([Change("duties", self.duty.key, {"prepare_on": day})])


@contextmanager
def open_deed(
    ledger: Ledger, name: str, key: str, act: Act, /, **fields: object
) -> Iterator[OpenDeed]:
    """Open the transaction of the deed `name` on duty `key`, once the table of rights allows it.

    NotFoundError for an unknown duty or user, InvalidError for a text that is too long,
    ConflictError naming the rule that refuses, or for somebody who has written enough today. Of
    two officers at once the second sees the decision of the first.
    """
    fields = _typed(DEEDS[name], fields)
    sender = ledger.settings.sender
    with ledger.transaction() as tx:
        duty = duties.one(tx.conn, key, lock=True)
        deed = OpenDeed(tx, duty, act, declaration=DEEDS[name], fields=fields, sender=sender)
        office, ends_on = deed.edition.plan.office, deed.edition.extends_to(duty)
        if act.relay and not DEEDS[name].relayed:
            raise ConflictError("relay-never", deed=name)
        case = _case(tx.conn, duty, act, deed.actors, office=office, fields=fields, ends_on=ends_on)
        rule = refusal(name, case)
        if rule is not None:
            days = held_days.values(tx.conn, duty, act, fields)
            raise ConflictError(f"rule-{rule}", deed=name, key=key, user=act.user, **days)
        if deed.declaration.needs and deed.declaration.who != OFFICE:
            check_amount(tx.conn, key, act)
        yield deed


def _typed(declaration: Deed, fields: Mapping[str, object]) -> dict[str, object]:
    """Return the fields with their texts cleaned; InvalidError for one that is too long."""
    lines = {field.name for field in declaration.fields if field.kind != "area"}
    return {
        name: typed(value, name, LONGEST_LINE if name in lines else LONGEST_TEXT)
        if isinstance(value, str)
        else value
        for name, value in fields.items()
    }


def allowed(
    conn: Connection, duty: Duty, act: Act, *, actors: Sequence[users.User], office: str
) -> frozenset[str]:
    """Return the deeds `act.user` could do now, given the fields each requires.

    `actors` are the user and everyone they substitute for.
    """
    case = _case(conn, duty, act, actors, office=office, fields={"to": "later"})
    return frozenset(deed for deed in DEEDS if _refusal_of_complete(deed, case) is None)


def forbidden(
    conn: Connection, deed: str, duty: Duty, act: Act, *, actors: Sequence[users.User], office: str
) -> str | None:
    """Return the rule that would refuse `deed`, None if it is `allowed`."""
    case = _case(conn, duty, act, actors, office=office, fields={"to": "later"})
    return _refusal_of_complete(deed, case)


def _refusal_of_complete(deed: str, case: Case) -> str | None:
    """Return the rule that refuses `deed` even with all the fields it may have."""
    names = frozenset(field.name for field in DEEDS[deed].fields)
    return refusal(deed, case._replace(fields=names))


def _case(
    conn: Connection,
    duty: Duty,
    act: Act,
    actors: Sequence[users.User],
    *,
    office: str,
    fields: Mapping[str, Any],
    ends_on: dt.date = dt.date.max,
) -> Case:
    filings = life.submissions(conn, duty.key)
    request = life.open_request(conn, duty.key)
    is_guest = meetings.invites(conn, duty, _agencies(actors))
    stakes = users.stakes(conn, actors, act.on)
    to = fields.get("to") or (request.asked_to if request else None)
    return Case(
        actor=act.user,
        roles=_roles(act, actors, duty, office) | ({"guest"} if is_guest else set()),
        status=standing(duties.facts(duty), act.on).status,
        fields=frozenset(name for name, value in fields.items() if value),
        lead_performs=duty.lead == duty.performer,
        acknowledged=duty.acknowledged_on is not None,
        accepted=duty.accepted_on is not None,
        refused=duty.refused_on is not None,
        has_quota=duty.quota_min is not None,
        has_request=request is not None,
        urged=notices.exists(conn, duty.key, f"urged:{act.on}"),
        filed_by=filings[-1].filed_by if filings and filings[-1].returned_on is None else "",
        doers=frozenset(who for f in filings for who in (f.filed_by, f.accepted_by) if who),
        logins=frozenset(conn.scalars(users.logins_of(act.user))),
        stakes=roles(stakes, duty, office),
        later=not isinstance(to, dt.date) or to > max(duty.due_on, act.on - A_DAY),
        past_plan=isinstance(to, dt.date) and to > ends_on,
        of_the_plan=duty.basis == "plan",
        is_beside=duty.measure == adhoc.MEASURE,
        **held_days.facts(conn, duty, act, fields),
    )


def _roles(act: Act, actors: Sequence[users.User], duty: Duty, office: str) -> frozenset[Role]:
    """Return the roles of the actors; for a relayed word those of the agency whose it is.

    ConflictError where somebody outside the office passes on the word of another agency.
    """
    own = roles(actors, duty, office)
    if act.relay is None:
        return own
    if "office" not in own:
        raise ConflictError("relay-by-office")
    parts = _parts(duty).items()
    return frozenset(name for name, agencies in parts if act.relay.agency in agencies)


def roles(actors: Sequence[users.User], duty: Duty, office: str) -> frozenset[Role]:
    """Return the roles these actors have towards the duty: a person and those they act for."""
    names: set[Role] = set()
    for actor in actors:
        if actor.role == "administrator":  # looks after the system, and decides nothing
            continue
        if actor.role == "reviewer":
            names.add("reviewer")
        elif actor.agency == office:
            names.add("office")
        else:
            names |= {name for name, agencies in _parts(duty).items() if actor.agency in agencies}
    return frozenset(names)


def _agencies(actors: Sequence[users.User]) -> frozenset[str]:
    return frozenset(actor.agency for actor in actors if actor.role == "officer")


def _parts(duty: Duty) -> dict[Role, tuple[str, ...]]:
    return {"performer": (duty.performer,), "lead": (duty.lead,), "participant": duty.participants}
