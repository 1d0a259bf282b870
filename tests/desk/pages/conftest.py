"""The desk on a copy of one lived plan, and browsers signed in as its cast."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest
from starlette.testclient import TestClient

from catalog.plans.load import load_plan
from desk.access import signin
from desk.app import create_app
from tasks.demo import play
from tasks.people import users
from tasks.people.users import Newcomer
from tests.databases import OnSqlite
from tests.lived import PLAN, UNTIL, once

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import httpx2
    from fastapi import FastAPI
    from starlette.types import ASGIApp

    from ledger.session import Ledger

SINCE = dt.date(2013, 8, 5)
HERE = "http://127.0.0.1:8180"
TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')

# The same people in every test: an officer of the office, two agencies, a reviewer, whoever
# administers, and someone who must see nothing of the others.
CAST = (
    Newcomer("chen", "陳文靜", "office"),
    Newcomer("li", "李志強", "dongguan"),
    Newcomer("wu", "吳敏", "wjmt"),
    Newcomer("he", "何平", "office", "reviewer"),
    Newcomer("lin", "林管理", "office", "administrator"),
    Newcomer("zhou", "周無關", "shantou"),
)


class Clock:
    """The real instant of a test, which it may move."""

    def __init__(self) -> None:
        self.at = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.at

    def pass_(self, **span: float) -> None:
        self.at += dt.timedelta(**span)


class Browser(TestClient):
    """A browser without JavaScript: it follows redirects and posts the forms it is shown.

    It is `at` the address of a desk.
    """

    def __init__(self, app: ASGIApp, *, at: str = HERE, **more: Any) -> None:
        super().__init__(app, base_url=at, raise_server_exceptions=False, **more)
        self.headers["Origin"] = at
        self.headers["Accept-Language"] = "zh-TW"

    def post_form(
        self, path: str, *, shown_on: str | None = None, **fields: str
    ) -> httpx2.Response:
        """Post a form with the token of the page that shows it (`shown_on`, else `path`)."""
        found = TOKEN.search(self.get(shown_on or "/account").text)
        token = found[1] if found else ""
        return self.post(path, data={"token": token, **fields})


@pytest.fixture(scope="session")
def lived_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which the real plan was lived until UNTIL, with the cast as users."""
    return once(tmp_path_factory, "pages", _live)[0]


def _live(home: Path) -> None:
    with OnSqlite().open(home) as ledger:
        play.begin(ledger, load_plan(PLAN))
        at = dt.datetime(2013, 8, 5, 0, 30, tzinfo=dt.UTC)
        users.add(ledger, CAST, since=SINCE, at=at, actor="test")
        play.play(ledger, PLAN, until=UNTIL, progress=lambda _: None)


@pytest.fixture(scope="session")
def lived_home(lived_once: Path, kind: OnSqlite) -> Path:
    kind.adopt(lived_once)
    return lived_once


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(lived_home: Path, home: Path, clock: Clock, database: OnSqlite) -> Iterator[FastAPI]:
    database.copy(lived_home, home)
    made = create_app(database.settings(home), clock=clock)
    yield made
    made.state.desk.ledger.close()


@pytest.fixture
def desk_ledger(app: FastAPI) -> Ledger:
    ledger: Ledger = app.state.desk.ledger
    return ledger


@pytest.fixture
def browser(app: FastAPI) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(app)


@pytest.fixture
def signed_in(app: FastAPI, clock: Clock) -> Callable[[str], Browser]:
    """Return a browser in which one of the cast is signed in."""

    def _signed_in(user: str) -> Browser:
        made = Browser(app)
        with app.state.desk.ledger.transaction() as tx:
            made.cookies.set("duban", signin.begin(tx, user, at=clock(), proved=True))
        return made

    return _signed_in
