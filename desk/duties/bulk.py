"""Bulk deeds: one deed done to many duties, each in its own transaction."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.errors import DubanError
from desk.access import visibility
from desk.access.signin import hashed
from ledger.people import idempotency
from tasks.deeds.frame import forbidden
from tasks.deeds.registry import functions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desk.web.visit import Visit
    from ledger.duties.duties import Duty
    from ledger.session import Connection

ACTIONS = ("urge", "close")  # deeds that need no judgement of the single case
MOST = 200  # duties in one request: it takes some seconds


class Prospect(NamedTuple):
    """One selected duty, and the rule that would refuse the deed; empty when none would."""

    duty: Duty
    rule: str


class Outcome(NamedTuple):
    """The result for one duty; `error` is the key of the refusal, empty when the deed was done."""

    key: str
    error: str = ""
    values: Mapping[str, Any] = {}


class Round(NamedTuple):
    """A deed done to many duties; `outcomes` is None while it runs or when it was cut off."""

    deed: str
    outcomes: list[Outcome] | None


def prospects(conn: Connection, visit: Visit, deed: str, duties: Sequence[Duty]) -> list[Prospect]:
    """Return for each of `duties` whether `deed` would be done now."""
    me, act = visit.actor, visit.act
    return [
        Prospect(duty, forbidden(conn, deed, duty, act, actors=me.users, office=me.office) or "")
        for duty in duties
    ]


def do(
    visit: Visit, name: str, deed: str, keys: Sequence[str], values: Mapping[str, object]
) -> None:
    """Do `deed` to each of `keys`, each in its own transaction, and store the outcomes.

    A form of the same `name` sent again does nothing.
    """
    form_key, ledger, user = _idempotency_key(visit, name), visit.ledger, visit.actor.user
    request = json.dumps({"deed": deed})
    if idempotency.begin(ledger, form_key, user=user, request=request, on=visit.on) is not None:
        return
    outcomes = [_do(visit, deed, key, values) for key in dict.fromkeys(keys)]
    idempotency.settle(ledger, form_key, 200, json.dumps(outcomes, ensure_ascii=False, default=str))


def find_round(conn: Connection, visit: Visit, name: str) -> Round | None:
    """Return the round of the form called `name`, None when the visitor never sent it."""
    row = idempotency.one(conn, _idempotency_key(visit, name))
    if row is None:
        return None
    outcomes = None if row.answer is None else [Outcome(*each) for each in json.loads(row.answer)]
    return Round(json.loads(row.asked)["deed"], outcomes)


def _idempotency_key(visit: Visit, name: str) -> str:
    return hashed(f"{visit.actor.user}\nbulk\n{name}")


def _do(visit: Visit, deed: str, key: str, values: Mapping[str, object]) -> Outcome:
    try:
        with visit.read() as conn:
            visibility.duty_of(conn, visit.actor, key)
        functions()[deed](visit.ledger, key, visit.act, **values)
    except DubanError as error:
        return Outcome(key, error.key, error.values)
    return Outcome(key)
