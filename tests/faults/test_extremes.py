"""Extreme values in every parameter, part of a path and field of every route: never a 500.

The routes and their parameters are those the application itself lists. `make faults` tries every
value in every place; the suite takes some of them, in turn.
"""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import pytest
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import File, Header, Path, Query
from fastapi.routing import iter_route_contexts

from desk.access import signin, tokens
from desk.duties.forms import FORMS
from tasks.people import users
from tests.faults.conftest import AT, KEY
from tests.faults.surviving import LONG
from tests.world import ISSUED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

DAYS = (
    "0001-01-01",
    "9999-12-31",
    "0000-00-00",
    "2014-02-30",
    "99999-01-01",
    "00010101",
    "1年1月1日",
)
NUMBERS = ("-1", "0", "2147483648", "9223372036854775808", "1" + "0" * 400, "-0.5", "1e400", "NaN")
TEXTS = ("", " ", "\t\r\n", "x" * 100_000, "٣", "9999-12", "0001-01", "\x00", "\ud800", "Infinity")
NO_YEARS = ("9223372036854775808", "0000", "-1", "10000")
VALUES = (*DAYS, *NUMBERS, *TEXTS)
MOST = {"path": 60_000, "query": 60_000}  # characters that the test's client can send
SOME = 3  # values of each place in the suite
PEOPLE = ("office/officer", "office/administrator", "reviewer/officer", "trade/officer")
PLAUSIBLE = {
    "agency": "trade", "year": "2013", "month": "2014-01", "plan": "small-2013",
    "user": "trade/officer", "obligation": "1.report", "party": "-", "period": "once",
    "span": "2014-01", "seq": "1", "position": "officer", "channel": "mail", "reason": "r",
    "address": "a@example.org", "text": "t", "to": "en", "duty": KEY, "number": "1", "size": "5",
    "item": "1", "finding": "sound", "deed": "comment",
}  # fmt: skip


class Place(NamedTuple):
    """One place of a route for a value: in its path, its query, its form or its JSON."""

    method: str
    path: str
    where: str
    name: str
    others: tuple[tuple[str, str], ...] = ()


def places(app: FastAPI) -> list[Place]:
    """Return every place of every route."""
    contexts = [c for c in iter_route_contexts(app.routes) if c.methods]
    found = [place for c in contexts for place in _of_route(c)]
    return list(dict.fromkeys(found))


def _of_route(context: Any) -> Iterator[Place]:
    route = context.original_route
    for method in sorted(context.methods - {"HEAD"}):
        for field in get_flat_params(route.dependant):
            kind = {Path: "path", Query: "query", Header: "header"}.get(type(field.field_info))
            if kind:
                yield Place(method, context.path, kind, field.alias)
        for field in route.dependant.body_params:
            if hasattr(field.field_info.annotation, "model_fields"):
                names = tuple(field.field_info.annotation.model_fields)
                yield from (Place(method, context.path, "json", name) for name in names)
            elif not isinstance(field.field_info, File):
                yield Place(method, context.path, "form", field.alias)
        if method == "POST" and "{deed}" in context.path:
            for deed, field in ((d, f) for d, form in FORMS.items() for f in form.fields):
                others = tuple(
                    (f.name, "2014-03-01" if f.kind == "date" else "1") for f in FORMS[deed].fields
                )
                path = context.path.replace("{deed}", deed)
                yield Place(method, path, "form", field.name, others)


class Everybody:
    """Browsers of all the people and the systems of each; a place is asked by whoever may."""

    def __init__(self, app: FastAPI, client: Any) -> None:
        self._client = client
        ledger, admin = app.state.desk.ledger, "office/administrator"
        newcomer = users.Newcomer(admin, "管理", "office", "administrator")
        users.add(ledger, [newcomer], since=ISSUED, at=AT, actor="office/officer")
        with ledger.transaction() as tx:
            self._cookies = {u: signin.begin(tx, u, at=AT, proved=True) for u in PEOPLE}
        self._tokens = {u: tokens.issue_own(ledger, u, on=AT.date(), at=AT) for u in PEOPLE}
        self._who: dict[tuple[str, str], str] = {}

    def ask(self, place: Place, value: str) -> int:
        """Return the status of a request with `value` at `place`."""
        who = self._who.get((place.method, place.path))
        for user in [who] if who else PEOPLE:
            status = self._send(user, place, value)
            if status not in {401, 403}:
                self._who[place.method, place.path] = user
                break
        return status

    def _send(self, user: str, place: Place, value: str) -> int:
        browser, values = self._client(), {**PLAUSIBLE, **dict(place.others)}
        names = [part.partition("}")[0] for part in place.path.split("{")[1:]]
        parts = {name: values.get(name, "1" * 12) for name in names}
        query, form, headers = {}, dict(place.others), {}
        into = {"path": parts, "query": query, "form": form, "json": form, "header": headers}
        plain = value if place.where == "json" else value.encode("utf-8", "replace").decode()
        into[place.where][place.name] = plain[: MOST.get(place.where)]
        path = place.path.format_map(
            {n: quote(v.encode("utf-8", "replace")) for n, v in parts.items()}
        )
        if path.startswith("/api/"):
            headers["Authorization"] = f"Bearer {self._tokens[user]}"
        else:
            browser.cookies.set("duban", self._cookies[user])
            form["token"] = signin.form_token(self._cookies[user])
        more: dict[str, Any] = {} if place.method == "GET" else {"data": form}
        if place.where == "json":
            headers["Content-Type"] = "application/json"
            more = {"content": json.dumps(form)}
        headers = {n: v.encode("utf-8", "replace") for n, v in headers.items()}
        answer = browser.request(place.method, path, params=query, headers=headers, **more)
        return answer.status_code


@pytest.mark.timeout(7200 if LONG else 300)
def test_no_extreme_value_anywhere_is_a_defect(app, client):
    everybody, found = Everybody(app, client), places(app)
    turns = itertools.cycle(VALUES)
    statuses = {
        (place, value): everybody.ask(place, value)
        for place in found
        for value in (VALUES if LONG else list(itertools.islice(turns, SOME)))
    }

    assert len(found) > 250
    assert {place.where for place in found} == {"path", "query", "form", "json", "header"}
    assert {k: s for k, s in statuses.items() if s >= 500} == {}
    years = {
        (place, value): everybody.ask(place, value)
        for place in found
        if place.name in {"year", "span"}
        for value in NO_YEARS
    }
    assert {"/evaluation", "/indicators", "/scorecards"} <= {place.path for place, _ in years}
    assert {k: s for k, s in years.items() if not 400 <= s < 500} == {}
