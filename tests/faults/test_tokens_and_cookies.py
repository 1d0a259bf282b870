"""Cookies and tokens mutated, ended, foreign, used again: they open nothing and say one thing."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING

import pytest

from desk.access import signin, tokens
from tests.faults.conftest import KEY

if TYPE_CHECKING:
    from collections.abc import Callable

ON = dt.date(2014, 1, 24)
MUTATIONS = 500
# Of a good one: cut, longer, another letter, another case, and what headers, paths and SQL trip on.
WAYS: tuple[Callable[[str, random.Random], str], ...] = (
    lambda good, chance: good[: chance.randrange(len(good))],
    lambda good, chance: good + chance.choice(good),
    lambda good, _: good[::-1],
    lambda good, _: good.swapcase(),
    lambda good, chance: _changed(good, chance, chance.choice("AZaz09-_")),
    lambda good, chance: _changed(good, chance, chance.choice("%\"';,= \t/\\.{}")),
    lambda good, chance: _changed(good, chance, chance.choice("\u00e9\u00ff\u0080")),
    lambda good, _: signin.hashed(good),
    lambda good, _: f"{good} {good}",
    lambda good, _: f" {good}x",
    lambda good, chance: good * chance.randrange(2, 60),
    lambda good, chance: f"{good}' OR '1'='{chance.randrange(9)}",
    lambda good, chance: f"../{good}?{chance.randrange(9)}",
    lambda _, chance: "".join(chance.choices("0123456789abcdef", k=64)),
)


def _changed(good: str, chance: random.Random, letter: str) -> str:
    at = chance.randrange(len(good))
    return f"{good[:at]}{letter}{good[at + 1 :]}"


def mutations(good: str) -> list[bytes]:
    """Return other things made from `good`, the same every time, as bytes of a header."""
    chance = random.Random(2014)
    variants = [chance.choice(WAYS)(good, chance) for _ in range(MUTATIONS)]
    return [each.encode("latin-1") for each in variants if each.strip() not in {"", good}]


@pytest.fixture
def good(app, clock):
    """Return a cookie and the tokens of the trade department's officer, all of which hold."""
    with app.state.desk.ledger.transaction() as tx:
        cookie = signin.begin(tx, "trade/officer", at=clock(), proved=True)
        issued = {kind: tokens.issue(tx, "trade/officer", kind, on=ON) for kind in ("api", "feed")}
        tx.record("token-issued", "trade/officer", at=clock(), actor="trade/officer")
    return {"cookie": cookie, **issued}


def shown(client, name: str, value: bytes | str):
    """Show it where it belongs; None where it cannot even be sent."""
    value = value.encode("latin-1") if isinstance(value, str) else value
    if name == "feed":
        path = f"/feed/{value.decode('latin-1')}.ics"
        return client.get(path) if "/" not in path[6:] and "?" not in path else None
    if name == "api":
        return client.get("/api/duties", headers=[(b"authorization", b"Bearer " + value)])
    return client.get("/account", headers=[(b"cookie", b"duban=" + value)])


STATUS = {"cookie": 303, "api": 401, "feed": 404}  # 303: to the page where one signs in


@pytest.mark.parametrize("name", STATUS)
def test_nothing_made_from_a_good_one_opens_anything(client, good, name, record_property):
    browser = client()
    assert shown(browser, name, good[name]).status_code == 200
    answers = [shown(browser, name, each) for each in mutations(good[name])]
    answer_set = {
        (a.status_code, a.text, a.headers.get("location")) for a in answers if a is not None
    }

    record_property("mutations", len(answers))
    assert len(answers) > 400
    assert {status for status, _, _ in answer_set} == {STATUS[name]}
    assert len(answer_set) == 1


def test_no_mutation_of_a_forms_token_sends_the_form(client, good):
    browser = client()
    browser.cookies.set("duban", good["cookie"])
    token = signin.form_token(good["cookie"])
    tokens = [each.decode("latin-1") for each in mutations(token)[:50]]
    answer_set = {
        (answer.status_code, answer.text)
        for answer in (browser.post("/language", data={"to": "en", "token": t}) for t in tokens)
    }

    assert [status for status, _ in answer_set] == [403]


def test_each_kind_opens_its_own_door_only(client, good):
    browser = client()
    opened = {
        (name, door): shown(browser, door, value).status_code
        for name, value in good.items()
        for door in STATUS
    }

    assert {pair for pair, status in opened.items() if status == 200} == {(n, n) for n in good}


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 303)])
def test_a_cookie_nobody_showed_for_half_an_hour_has_ended(client, good, clock, minutes, status):
    clock.at += dt.timedelta(minutes=minutes)

    assert shown(client(), "cookie", good["cookie"]).status_code == status


def test_a_cookie_shown_again_and_again_ends_with_the_day(client, good, clock):
    statuses = []
    for _ in range(26):
        clock.at += dt.timedelta(minutes=28)
        statuses.append(shown(client(), "cookie", good["cookie"]).status_code)

    assert statuses == [200] * 25 + [303]


def test_what_was_signed_out_opens_nothing_when_it_is_used_again(client, good):
    browser = client()
    browser.cookies.set("duban", good["cookie"])
    out = browser.post("/sign-out", data={"token": signin.form_token(good["cookie"])})
    again = client()

    assert out.status_code == 303
    assert shown(again, "cookie", good["cookie"]).status_code == 303
    again.cookies.set("duban", good["cookie"])
    token = signin.form_token(good["cookie"])
    answer = again.post(f"/duty/{KEY}/do/comment", data={"text": "甲", "token": token})
    assert answer.status_code == 401


def test_an_ended_token_opens_nothing(app, client, clock, good):
    with app.state.desk.ledger.transaction() as tx:
        for kind in ("api", "feed"):
            tokens.end(tx, "trade/officer", kind, on=ON)
        tx.record("token-ended", "trade/officer", at=clock(), actor="trade/officer")
    browser = client()

    assert [shown(browser, kind, good[kind]).status_code for kind in ("api", "feed")] == [401, 404]


def test_a_token_in_the_address_or_in_a_cookie_opens_nothing_of_the_api(client, good):
    browser = client()
    paths = (f"/api/duties?token={good['api']}", f"/api/duties?access_token={good['api']}")

    assert {browser.get(path).status_code for path in paths} == {401}
    assert browser.get("/api/duties", headers={"Cookie": f"duban={good['api']}"}).status_code == 401
    for scheme in ("Basic", "Token", "Bearer:", ""):
        headers = {"Authorization": f"{scheme} {good['api']}".strip()}
        assert browser.get("/api/duties", headers=headers).status_code == 401
