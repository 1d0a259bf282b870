"""Every route, asked by everybody about a duty of its own, another's, a closed and an absent one.

`DUBAN_ROUTES=new python -m pytest tests/desk/pages/test_every_route.py` writes the table anew.
"""

from __future__ import annotations

import datetime as dt
import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk.access import signin, tokens
from ledger.duties import duties, life
from ledger.proof import chain
from tests.databases import ON_POSTGRESQL, rows
from tests.desk.pages.crawl import Case, filled, routes, walk
from tests.desk.visitors import Browser
from tests.drafts import draft_slip

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from fastapi import FastAPI

    from ledger.session import Ledger
    from tests.desk.pages.crawl import Route

TABLE = Path(__file__).with_name("routes.toml")
TODAY = dt.date(2014, 1, 24)
AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)
WHO = ("nobody", "li", "wu", "zhou", "chen", "he", "lin")
HOMES = {"li": "/in", "wu": "/in", "zhou": "/in", "chen": "/", "he": "/audit", "lin": "/account"}
LEAST = 45
OF_DUTY = "GET /api/duties/{plan}/{obligation}/{party}/{period}"
OWN, OTHER = "dongguan", "foshan"


@pytest.fixture
def cases(desk_ledger: Ledger) -> list[Case]:
    """Return an open duty of li's agency, an open one of another, a closed one, and none.

    There are two slips to release: one by a page, one by a system.
    """
    draft_slip(desk_ledger, at=AT)
    with desk_ledger.read() as conn:
        held = duties.listed(conn)
        is_open = {d.performer: d.key for d in held if d.opened_on and d.closed_on is None}
        last = {key: list(chain.entries(conn, subject=key))[-1].seq for key in is_open.values()}
        closed = sorted(d.key for d in held if d.performer == OWN and d.closed_on is not None)
        proof = next(proof for key in closed for proof in life.evidence(conn, key))
    own, other = is_open[OWN], is_open[OTHER]
    return [
        Case(own, seq=last[own]),
        Case(other, seq=last[other]),
        Case(proof.duty, proof.sha256),
        Case("guangdong-2013/99.nothing/-/2099"),
    ]


@pytest.mark.parametrize("who", WHO)
def test_each_route_answers_everybody_as_the_table_says(app, clock, cases, who):
    found = {route.name: _answers(app, clock, route, who, cases) for route in routes(app)}

    if os.environ.get("DUBAN_ROUTES") == "new":
        _write(who, found)
    assert len(found) >= LEAST
    assert found == _table()[who]


def test_each_route_answers_head_as_it_answers_get(app, browser, cases):
    table, ledger = _table()["nobody"], app.state.desk.ledger
    known = [route for route in routes(app) if route.method == "GET"]
    paths = {route.name: filled(ledger, route, cases[2]) for route in known}
    answers = {n: browser.head(path, follow_redirects=False) for n, path in paths.items()}

    assert len(answers) > 60
    assert {n: str(a.status_code) for n, a in answers.items()} == {
        name: table[name].split()[0] for name in answers
    }


@pytest.mark.parametrize(
    "path", ["/health", "/static/duban.css", "/api/plans", "/account", "/ledger.csv"]
)
def test_head_has_the_headers_of_get(signed_in, path):
    browser = signed_in("chen")
    got, head = browser.get(path), browser.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert {**head.headers} == {**got.headers}


@ON_POSTGRESQL
def test_each_route_answers_the_office_on_postgresql_as_the_table_says(app, clock, cases):
    found = {route.name: _answers(app, clock, route, "chen", cases) for route in routes(app)}
    assert found == _table()["chen"]


@pytest.mark.parametrize(("who", "agency"), [("li", OWN), ("zhou", "shantou")])
def test_an_agency_finds_no_duty_of_another_wherever_links_lead(
    app, signed_in, desk_ledger, who, agency
):
    with desk_ledger.read() as conn:
        held = duties.listed(conn)
    foreign = {d.key for d in held if agency not in {d.performer, d.lead, *d.participants}}
    seen = dict(walk(signed_in(who), app, "/in", "/ledger", "/ledger.csv", "/account"))
    seen |= _by_tokens(app, desk_ledger, who)

    assert (len(foreign) > 50, len(seen) > 10) == (True, True)
    assert {(path, k) for path, page in seen.items() for k in foreign if k in page.text} == set()


@pytest.mark.both
def test_a_word_planted_with_one_agency_is_nowhere_for_another(app, signed_in, desk_ledger, cases):
    word, key = "紫芋暗語", cases[1].key
    office = signed_in("chen")
    for deed, field in (("comment", "text"), ("return", "reason"), ("suspend", "reason")):
        office.post_form(f"/duty/{key}/do/{deed}", **{field: word})
    assert word in office.get(f"/duty/{key}").text

    li = signed_in("li")
    starts = ("/in", "/ledger", "/ledger.csv", "/ledger?q=紫芋", "/ledger.csv?q=紫芋", "/account")
    pages = dict(walk(li, app, *starts)) | _by_tokens(app, desk_ledger, "li")

    assert [path for path, page in pages.items() if word in page.text] == []


@pytest.mark.parametrize("who", HOMES)
def test_looking_at_everything_changes_nothing(app, signed_in, desk_ledger, who):
    browser = signed_in(who)
    before = _dump(desk_ledger)
    pages = dict(walk(browser, app, HOMES[who], "/ledger", "/account"))

    assert len(pages) > 3
    assert {p: a.status_code for p, a in pages.items() if a.status_code >= 500} == {}
    assert _dump(desk_ledger) == before


def _by_tokens(app: FastAPI, ledger: Ledger, who: str) -> dict[str, httpx2.Response]:
    """Return what the system and the calendar of `who` get, and the record of its own duties."""
    with ledger.transaction() as tx:
        api, feed = (tokens.issue(tx, who, kind, on=TODAY) for kind in ("api", "feed"))
    browser = Browser(app, headers={"Authorization": f"Bearer {api}"})
    listed = [r.path for r in routes(app) if r.name.startswith("GET /api/") and "{" not in r.path]
    about = [r.name.removeprefix(OF_DUTY) for r in routes(app) if r.name.startswith(OF_DUTY)]
    ends = [end for end in about if "{" not in end]
    held = browser.get("/api/duties?limit=500").json()["duties"]
    own = [f"/api/duties/{duty['key']}{end}" for duty in held[:20] for end in ends]
    got = {path: browser.get(path) for path in (f"/feed/{feed}.ics", *_long(listed), *own)}
    assert len(listed) > 8
    assert {answer.status_code for answer in got.values()} <= {200, 403}
    return got


def _long(paths: list[str]) -> list[str]:
    """Return the lists at their longest."""
    return [f"{p}?limit=500" if p in {"/api/duties", "/api/notices"} else p for p in paths]


def _answers(
    app: FastAPI, clock: Callable[[], dt.datetime], route: Route, who: str, cases: list[Case]
) -> str:
    """Return the statuses of a route: one, or one for each of the cases where it names a duty."""
    asked = cases if route.is_of_a_duty else cases[2:3]
    return " ".join(str(_status(app, clock, route, who, case)) for case in asked)


def _status(
    app: FastAPI, clock: Callable[[], dt.datetime], route: Route, who: str, case: Case
) -> int:
    browser, ledger = Browser(app), app.state.desk.ledger
    path = filled(ledger, route, case)
    fields: dict[str, str] = {}
    if who != "nobody":
        with ledger.transaction() as tx:
            cookie = signin.begin(tx, who, at=clock(), proved=True)
            token = tokens.issue(tx, who, "api", on=TODAY)
        if route.path.startswith("/api/"):
            browser.headers["Authorization"] = f"Bearer {token}"
        else:
            browser.cookies.set("duban", cookie)
            fields = {"token": signin.form_token(cookie)}
    form = {} if route.method == "GET" else {"data": fields}
    return browser.request(route.method, path, follow_redirects=False, **form).status_code


def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads(TABLE.read_text("utf-8"))


def _write(who: str, found: dict[str, str]) -> None:
    table = _table() if TABLE.exists() else {}
    table[who] = found
    text = (
        "# Statuses of every route; about a duty: one's own, another's, a closed, an absent one.\n"
    )
    for person, lines in table.items():
        told = "\n".join(f'"{name}" = "{said}"' for name, said in lines.items())
        text += f"\n[{person}]\n{told}\n"
    TABLE.write_text(text, "utf-8")


def _dump(ledger: Ledger) -> str:
    with ledger.read() as conn:
        return str(rows(conn))
