"""The policy of the desk: the people at it, what they see, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from catalog.duties.deeds import DEEDS
from catalog.duties.standing import standing
from catalog.errors import NotFoundError
from ledger.duties import conditions, duties, meetings
from ledger.people import users
from ledger.post import contacts
from tasks.deeds.frame import roles
from tasks.setup.stage import is_open

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from ledger.duties.conditions import Condition
    from ledger.duties.duties import Duty, Order
    from ledger.people.users import User
    from ledger.session import Connection

Kind = Literal["office", "agency", "reviewer", "administrator"]

EVERYBODY: frozenset[Kind] = frozenset({"office", "agency", "reviewer", "administrator"})
OFFICE: frozenset[Kind] = frozenset({"office"})
AGENCY: frozenset[Kind] = frozenset({"agency"})
REVIEWER: frozenset[Kind] = frozenset({"reviewer"})
ADMINISTRATOR: frozenset[Kind] = frozenset({"administrator"})

# Actions outside a duty, and who may do them. Deeds on a duty are in catalog.duties.deeds.DEEDS.
PLACES: Mapping[str, frozenset[Kind]] = {
    "see-account": EVERYBODY,
    "see-ledger": EVERYBODY,
    "bring-list": OFFICE | AGENCY | ADMINISTRATOR,
    "bring-tracker": OFFICE | AGENCY,
    "relay": OFFICE,
    "see-calendar": EVERYBODY,
    "see-cockpit": OFFICE,
    "see-inbox": AGENCY,
    "see-review": OFFICE | AGENCY,
    "see-extensions": OFFICE,
    "see-problems": OFFICE,
    "see-plan-problems": OFFICE | AGENCY,
    "raise-plan-problem": AGENCY,
    "answer-plan-problem": OFFICE,
    "assign": OFFICE,
    "see-slips": OFFICE,
    "see-burden": OFFICE,
    "see-circulars": OFFICE | AGENCY | REVIEWER,
    "make-circulars": OFFICE,
    "see-scorecards": OFFICE | AGENCY | REVIEWER,
    "score": OFFICE,
    "object-to-card": AGENCY,
    "see-evaluation": OFFICE | REVIEWER,
    "see-indicators": OFFICE | AGENCY | REVIEWER,
    "report-indicators": OFFICE | AGENCY,
    "reward": OFFICE,
    "see-plans": OFFICE | REVIEWER | ADMINISTRATOR,
    "see-handed": OFFICE,
    "hand-down": OFFICE,
    "take-over": OFFICE,
    "see-targets": EVERYBODY,
    "see-own-targets": AGENCY,
    "publish-plan": OFFICE,
    "name-bodies": OFFICE,
    "settle-past": OFFICE,
    "confirm-sweep": OFFICE | ADMINISTRATOR,
    "act-in-bulk": OFFICE,
    "see-audit": REVIEWER | OFFICE,
    "audit": REVIEWER,
    "see-settings": OFFICE | ADMINISTRATOR,
    "see-outbox": OFFICE | ADMINISTRATOR,
    "reorganise": OFFICE | ADMINISTRATOR,
    "record-workdays": OFFICE | ADMINISTRATOR,
    "trust": OFFICE | ADMINISTRATOR,
    "administer": ADMINISTRATOR,
    "set-up": ADMINISTRATOR,
    "move-clock": EVERYBODY,
}

HOMES: Mapping[Kind, str] = {
    "office": "/",
    "agency": "/in",
    "reviewer": "/audit",
    "administrator": "/settings",
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A person signed in; `users` are the person, followed by all they substitute for today.

    `posts` are the logins that the person has today, this one among them. `is_founding` is true of
    an administrator while no plan is in force: until then they may also do what the office does,
    as there is nothing yet to keep apart.
    """

    user: str
    name: str
    agency: str
    agency_name: str
    kind: Kind
    office: str
    users: tuple[User, ...]
    posts: tuple[User, ...] = ()
    is_founding: bool = False

    @property
    def home(self) -> str:
        """The address of the person's first page."""
        return "/setup" if self.is_founding else HOMES[self.kind]

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of people whose places are open to the person."""
        return frozenset({self.kind}) | (OFFICE if self.is_founding else frozenset())

    @property
    def agencies(self) -> frozenset[str]:
        """The person's agency, and those of the users they substitute for."""
        return frozenset(user.agency for user in self.users)


def actor(conn: Connection, who: str, on: date) -> Actor:
    """Return the actor of login `who` on day `on`.

    Raises NotFoundError for an unknown login, ConflictError for one that has ended.
    """
    represented = users.acting_for(conn, who, on)
    me = represented[0]
    agencies = contacts.offices(conn, besides=me.agency)
    office = next((a.id for a in agencies.values() if a.kind == "office"), "")
    name = agencies[me.agency].name
    own = kind(me, office)
    return Actor(
        who,
        me.name,
        me.agency,
        name,
        own,
        office,
        tuple(represented),
        posts=tuple(users.posts(conn, who, on)),
        is_founding=own == "administrator" and is_open(conn),
    )


def kind(user: User, office: str) -> Kind:
    """Return the kind of a user at the desk, by their role and their agency."""
    if user.role == "reviewer":
        return "reviewer"
    if user.role == "administrator":
        return "administrator"
    return "office" if user.agency == office else "agency"


def may(actor: Actor, action: str, duty: Duty | None = None, *, on: date | None = None) -> bool:
    """Tell whether `actor` may do `action`: a deed of DEEDS on `duty`, or one of PLACES.

    With `on` the standing of the duty on that day must also allow the deed; everything else that
    the rules require, the deed itself refuses in words.
    """
    if duty is None:
        return bool(actor.kinds & PLACES[action])
    right = DEEDS[action]
    if not right.who & roles(actor.users, duty, actor.office):
        return False
    return on is None or standing(duties.facts(duty), on).status in right.on


def answers_for(actor: Actor, duty: Duty) -> bool:
    """Tell whether `actor` oversees `duty`, leads or performs it; taking part is not enough."""
    return actor.kind != "agency" or bool(actor.agencies & {duty.lead, duty.performer})


def visible(actor: Actor) -> Condition:
    """Return the condition on `duties` for those that `actor` sees.

    Office, reviewers and administrators see all; an agency sees those it performs, leads or
    takes part in.
    """
    if actor.kind != "agency":
        return conditions.EVERY
    return conditions.concerning(sorted(actor.agencies))


def duties_of(
    conn: Connection,
    actor: Actor,
    *where: Condition,
    order: Sequence[Order] = (),
    limit: int | None = None,
    offset: int = 0,
) -> list[Duty]:
    """Return the duties `actor` sees for which all of `where` holds, in `order`, then by key."""
    return duties.chosen(conn, visible(actor), *where, order=order, limit=limit, offset=offset)


def keys_of(
    conn: Connection,
    actor: Actor,
    *where: Condition,
    order: Sequence[Order] = (),
) -> list[str]:
    """Return the keys of the duties `duties_of` would give, in that order."""
    return duties.chosen_keys(conn, visible(actor), *where, order=order)


def count_of(conn: Connection, actor: Actor, *where: Condition) -> int:
    """Count the duties that `duties_of` would give without a limit."""
    return duties.count(conn, visible(actor), *where)


def duty_of(conn: Connection, actor: Actor, key: str) -> Duty:
    """Return the duty `key`; NotFoundError for one that is not there or is not the actor's."""
    rows = duties_of(conn, actor, conditions.of_keys([key]))
    if not rows:
        return _duty_of_guest(conn, actor, key)
    return rows[0]


def _duty_of_guest(conn: Connection, actor: Actor, key: str) -> Duty:
    """Return the duty to whose meeting the actor's agency is invited; NotFoundError for another."""
    duty = duties.one(conn, key)
    if not meetings.invites(conn, duty, actor.agencies):
        raise NotFoundError("duty-unknown", key=key)
    return duty
