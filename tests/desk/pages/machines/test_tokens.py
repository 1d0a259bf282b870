"""What a token opens, and when it no longer does."""

from __future__ import annotations

import datetime as dt

import pytest
from fastapi import APIRouter

from desk.access import tokens
from desk.api.by_token import ByToken  # noqa: TC001  FastAPI reads it
from tasks.people import users
from tests.databases import rows

ON = dt.date(2014, 1, 24)
AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def api(app):
    router = APIRouter()

    @router.post("/api/whoami")
    def whoami(visit: ByToken) -> str:
        return visit.actor.user

    app.include_router(router)


def ask(browser, token):
    answer = browser.post("/api/whoami", headers={"Authorization": f"Bearer {token}"})
    return answer.json() if answer.status_code == 200 else answer.status_code


@pytest.fixture
def token(desk_ledger):
    with desk_ledger.transaction() as tx:
        return tokens.issue(tx, "li", "api", on=ON)


@pytest.mark.usefixtures("api")
def test_a_token_is_its_user(browser, token):
    assert ask(browser, token) == "li"


@pytest.mark.usefixtures("api")
def test_a_new_token_ends_the_one_before(browser, desk_ledger, token):
    with desk_ledger.transaction() as tx:
        newer = tokens.issue(tx, "li", "api", on=ON)

    assert (ask(browser, token), ask(browser, newer)) == (401, "li")


@pytest.mark.usefixtures("api")
def test_a_token_ends_with_its_user(browser, desk_ledger, token):
    users.disable(desk_ledger, "li", on=ON, at=AT, actor="lin")

    assert ask(browser, token) == 401


@pytest.mark.usefixtures("api")
def test_the_token_of_a_calendar_opens_nothing_else(browser, desk_ledger):
    with desk_ledger.transaction() as tx:
        feed = tokens.issue(tx, "li", "feed", on=ON)

    assert ask(browser, feed) == 401
    with desk_ledger.read() as conn:
        assert tokens.holder(conn, feed, "feed", on=ON).user == "li"


@pytest.mark.usefixtures("api")
@pytest.mark.parametrize("said", ["", "x" * 9000, "Bearer", "%00"])
def test_what_is_no_token_opens_nothing(browser, said):
    assert ask(browser, said) == 401


@pytest.mark.usefixtures("api")
def test_a_cookie_opens_nothing_of_the_api(signed_in):
    assert signed_in("li").post("/api/whoami").status_code == 401


def test_only_the_hash_of_a_token_is_kept(desk_ledger, token):
    with desk_ledger.read() as conn:
        assert token not in str(rows(conn))
