"""One deed done to many duties: what it would do to each, and what it did, each by itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.errors import DubanError
from desk.access import policy
from desk.access.signin import hashed
from ledger.people import idempotency
from tasks.deeds.frame import forbidden
from tasks.deeds.registry import functions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desk.web.visit import Visit
    from ledger.duties.duties import Duty
    from ledger.session import Connection

ACTIONS = ("urge", "close")  # nothing that weighs the single case, as a date or a return does
MOST = 200  # duties at once: some seconds of one request


class Prospect(NamedTuple):
    """One duty chosen, and the rule by which the deed would be refused; empty when it would not."""

    duty: Duty
    rule: str


class Outcome(NamedTuple):
    """What became of one duty: done, or refused with the key and the values of an error."""

    key: str
    error: str = ""
    values: Mapping[str, Any] = {}


class Round(NamedTuple):
    """What was done to many at once; `outcomes` None while it is done, or was cut off."""

    deed: str
    outcomes: list[Outcome] | None


def prospects(conn: Connection, visit: Visit, deed: str, chosen: Sequence[Duty]) -> list[Prospect]:
    """Return what `deed` would meet at each of the duties chosen, now."""
    me, act = visit.actor, visit.act
    return [
        Prospect(duty, forbidden(conn, deed, duty, act, actors=me.users, office=me.office) or "")
        for duty in chosen
    ]


def do(visit: Visit, name: str, deed: str, keys: Sequence[str], said: Mapping[str, object]) -> None:
    """Do `deed` to each of `keys`, each in a transaction of its own, and keep what became of it.

    `name` is that of the form: sent again, it does nothing a second time.
    """
    held, ledger, user = _held(visit, name), visit.ledger, visit.actor.user
    asked = json.dumps({"deed": deed})
    if idempotency.begin(ledger, held, user=user, asked=asked, on=visit.on) is not None:
        return
    outcomes = [_do(visit, deed, key, said) for key in dict.fromkeys(keys)]
    idempotency.settle(ledger, held, 200, json.dumps(outcomes, ensure_ascii=False, default=str))


def done(conn: Connection, visit: Visit, name: str) -> Round | None:
    """Return what was done by the form of that name, None when its sender never sent it."""
    found = idempotency.one(conn, _held(visit, name))
    if found is None:
        return None
    told = None if found.answer is None else [Outcome(*each) for each in json.loads(found.answer)]
    return Round(json.loads(found.asked)["deed"], told)


def _held(visit: Visit, name: str) -> str:
    return hashed(f"{visit.actor.user}\nbulk\n{name}")


def _do(visit: Visit, deed: str, key: str, said: Mapping[str, object]) -> Outcome:
    try:
        with visit.read() as conn:
            policy.duty_of(conn, visit.actor, key)
        functions()[deed](visit.ledger, key, visit.act, **said)
    except DubanError as error:
        return Outcome(key, error.key, error.values)
    return Outcome(key)
