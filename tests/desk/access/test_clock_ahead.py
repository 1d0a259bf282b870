"""A clock that was once ahead locks nobody out and lets nobody in."""

from __future__ import annotations

import pytest

from desk.access import signin
from tasks.people import passwords
from tests.desk.visitors import Browser

PASSWORD = "correct horse battery"


def enter(app, password):
    answer = Browser(app).post(
        "/sign-in", data={"user": "chen", "password": password}, follow_redirects=False
    )
    return answer.status_code


@pytest.mark.parametrize("hours", [3, 24 * 365])
def test_wrong_passwords_from_ahead_of_the_clock_do_not_lock_the_right_one_out(
    app, desk_ledger, clock, hours
):
    passwords.set_password(desk_ledger, ["chen"], PASSWORD, at=clock(), actor="test")
    clock.pass_(hours=hours)
    assert {enter(app, "wrong horse battery") for _ in range(7)} == {403}
    clock.pass_(hours=-hours)
    assert enter(app, PASSWORD) == 303


def test_a_session_that_began_ahead_of_the_clock_is_not_valid(app, desk_ledger, clock):
    with desk_ledger.transaction() as tx:
        now, ahead = (
            signin.begin(tx, "chen", at=at, proved=True)
            for at in (clock(), clock().replace(year=clock().year + 1))
        )
    for cookie, status in ((now, 200), (ahead, 303)):
        browser = Browser(app)
        browser.cookies.set("duban", cookie)
        assert browser.get("/account", follow_redirects=False).status_code == status
