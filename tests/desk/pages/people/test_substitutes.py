"""Substitutes: a page for oneself and one for the administrator, seen by both people."""

from __future__ import annotations

import datetime as dt

import pytest

from ledger.people import users as ledger_users
from tasks.people import users
from tasks.people.users import Newcomer
from tests.desk.visitors import SINCE

OWN, ALL = "/account/substitutes", "/settings/substitutes"
AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _colleague(desk_ledger):
    users.add(desk_ledger, [Newcomer("su", "蘇梅", "dongguan")], since=SINCE, at=AT, actor="test")


def name(browser, path, **fields):
    return browser.post_form(path, shown_on=path, **fields)


def acts_for(desk_ledger, who):
    with desk_ledger.read() as conn:
        return [u.id for u in ledger_users.acting_for(conn, who, AT.date())][1:]


def test_a_person_names_their_substitute_and_both_see_it_until_it_is_ended(signed_in, desk_ledger):
    li, su = signed_in("li"), signed_in("su")
    assert "蘇梅" in li.get(OWN).text
    page = name(li, OWN, substitute="su", since="", until="2014-02-03")
    assert "已指定代辦人" in page.text
    assert acts_for(desk_ledger, "su") == ["li"]
    assert "我代誰辦理" in su.get(OWN).text
    assert "李志強" in su.get(OWN).text
    ended = li.post_form(f"{OWN}/end", shown_on=OWN, substitute="su")
    assert "代辦已結束" in ended.text
    assert acts_for(desk_ledger, "su") == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"substitute": "nobody", "until": "2014-02-03"}, "substitute"),
        ({"substitute": "he", "until": "2014-02-03"}, "substitute"),
        ({"substitute": "su", "until": "someday"}, "until"),
        ({"substitute": "su", "until": "2014-02-03", "since": "9"}, "since"),
        ({"substitute": "su", "until": "2013-02-03"}, "until"),
    ],
)
def test_what_is_wrong_stands_at_its_field(signed_in, desk_ledger, fields, field):
    page = name(signed_in("li"), OWN, **fields)
    assert page.status_code == 422
    assert f'id="{field}-wrong"' in page.text
    assert acts_for(desk_ledger, "su") == []


def test_the_administrator_names_and_ends_for_anybody(signed_in, desk_ledger):
    lin = signed_in("lin")
    fields = {"person": "li", "substitute": "su", "since": "2014-01-24", "until": "2014-02-03"}
    assert "已指定代辦人" in name(lin, ALL, **fields).text
    assert acts_for(desk_ledger, "su") == ["li"]
    lin.post_form(f"{ALL}/end", shown_on=ALL, person="li", substitute="su")
    assert acts_for(desk_ledger, "su") == []


def test_nobody_ends_what_is_not_theirs(signed_in, desk_ledger):
    name(signed_in("li"), OWN, substitute="su", until="2014-02-03")
    refused = signed_in("wu").post_form(f"{OWN}/end", shown_on=OWN, substitute="su")
    assert refused.status_code == 422
    assert signed_in("li").get(ALL).status_code == 403
    assert acts_for(desk_ledger, "su") == ["li"]
