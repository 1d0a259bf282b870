"""The page that publishes a plan shows each open date with its proposal, and takes the decision."""

from __future__ import annotations

import html
import re

import pytest

from ledger.proof import chain
from tasks.in_force import in_force
from tests.catalog.plans.test_office_dates import text
from tests.desk.pages.plans.test_plan_upload import publish, upload

OPEN = text(
    {"id": "rules"},
    {"id": "review", "after": '["rules"]'},
    {"id": "platform", "kind": "milestone", "due_on": "2015-12-31"},
)
FIELD = re.compile(r'value="([^"]*)" id="((?:day|reason)-1\.[a-z]+)"')


def shown(page):
    return {name: html.unescape(value) for value, name in FIELD.findall(page)}


@pytest.fixture
def chen(signed_in):
    return signed_in("chen")


@pytest.fixture
def page(chen):
    answer = upload(chen, OPEN)
    assert answer.status_code == 200
    return answer.text


def plan_in_force(ledger):
    with ledger.read() as conn:
        return in_force(conn, "trial").plan


def recorded(ledger):
    with ledger.read() as conn:
        *_, last = chain.entries(conn, subject="trial")
    return last.payload["source"]["office_dates"]


def test_each_open_date_is_shown_with_a_day_and_a_reason_to_change(page):
    fields = shown(page)
    assert [fields[f"day-1.{name}"] for name in ("rules", "review", "platform")] == [
        "2013-11-05",
        "2014-02-05",
        "2015-12-31",
    ]
    assert fields["reason-1.platform"] == "屬平台建設或專項行動，貫穿計劃期，擬以計劃期末為限。"


def test_it_is_published_with_what_the_office_decided_and_recorded_so(chen, page, desk_ledger):
    decided = shown(page) | {"day-1.review": "2014-06-30", "reason-1.review": "待人大會議之後"}
    answer = publish(chen, page, **decided)
    assert answer.url.path == "/plans"
    plan = plan_in_force(desk_ledger)
    assert f"{plan.obligation('1.rules').due_on}" == "2013-11-05"
    assert plan.obligation("1.review").reason == "待人大會議之後"
    assert recorded(desk_ledger)["1.review"] == ["2014-06-30", "待人大會議之後"]
    assert set(recorded(desk_ledger)) == {"1.rules", "1.review", "1.platform"}


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("day-1.rules", "", "day-1.rules"),
        ("day-1.rules", "spring", "spring"),
        ("reason-1.platform", "", "須說明理由"),
        ("day-1.review", "2013-10-01", "早於"),
        ("day-1.rules", "2016-03-01", "2016"),
    ],
)
def test_what_does_not_fit_is_told_and_what_was_typed_stays(chen, page, name, value, says):
    typed = shown(page) | {"reason-1.rules": "先行制訂", name: value}
    answer = publish(chen, page, **typed)
    assert answer.status_code == 422
    assert says in answer.text
    assert shown(answer.text)["reason-1.rules"] == "先行制訂"


def test_a_date_left_out_of_the_form_is_not_published_undated(chen, page):
    answer = publish(chen, page)
    assert (answer.status_code, "未定日期" in answer.text) == (422, True)
