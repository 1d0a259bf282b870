"""The cast of the desk, the browser of each, and the plan they lived."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from starlette.testclient import TestClient

from tasks.people import users
from tasks.people.users import Newcomer
from tests.databases import OnSqlite
from tests.lived import UNTIL

if TYPE_CHECKING:
    from pathlib import Path

    import httpx2
    from starlette.types import ASGIApp

SINCE = dt.date(2013, 8, 5)
HERE = "http://127.0.0.1:8180"
PASSWORD = "correct horse battery"
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


def enter(
    browser: Browser,
    user: str = "chen",
    password: str = PASSWORD,
    then: str = "/account",
    headers: dict[str, str] | None = None,
) -> httpx2.Response:
    """Sign in, and return the answer without following where it leads."""
    return browser.post(
        "/sign-in",
        data={"user": user, "password": password, "then": then},
        headers=headers,
        follow_redirects=False,
    )


def is_in(browser: Browser) -> bool:
    """Tell whether somebody is signed in."""
    return browser.get("/account", follow_redirects=False).status_code == 200


def join(lived: Path, home: Path) -> None:
    """Make `home` a copy of a lived home, with the cast as users from the first day."""
    OnSqlite().copy(lived, home)
    at = dt.datetime.combine(UNTIL, dt.time(12), tzinfo=dt.UTC)
    with OnSqlite().open(home) as ledger:
        users.add(ledger, CAST, since=SINCE, at=at, actor="test")
