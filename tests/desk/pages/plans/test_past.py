"""The past is settled on a page, many rows at once: all or none, and nothing typed is lost."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest

from catalog.duties.standing import standing
from catalog.plans.load import load_plan
from ledger.duties import duties
from tasks.past.listing import past
from tasks.plans.publish import publish
from tasks.plans.scheduling import schedule
from tasks.sweep_time import sweep_instant

ON, PLAN = date(2014, 1, 24), "another-2013"
KEYS = re.compile(r'name="key" value="([^"]+)"')


@pytest.fixture
def chen(signed_in, desk_ledger):
    """An officer of the office; a second plan has started on the day, after many of its dates."""
    plan = load_plan("guangdong-2013").model_copy(update={"plan": PLAN})
    at = sweep_instant(plan.zone, ON)
    publish(desk_ledger, plan, at=at, actor="chen", demo=True, start_on=ON)
    schedule(desk_ledger, plan, at)
    return signed_in("chen")


@pytest.fixture
def keys(chen):
    return KEYS.findall(html.unescape(chen.get(f"/past?plan={PLAN}").text))


def settle(chen, keys, **fields):
    there = f"/past?plan={PLAN}"
    return chen.post_form(there, shown_on=there, key=keys, **fields)


def statuses(ledger, keys):
    with ledger.read() as conn:
        found = duties.of(conn, keys)
        return [standing(duties.facts(found[key]), ON).status for key in keys]


def test_the_past_is_listed_and_on_no_other_list(chen, keys, desk_ledger):
    with desk_ledger.read() as conn:
        every = [duty.key for duty in past(conn, PLAN)]
    assert keys == every[:50]
    assert f"/past?plan={PLAN}" in html.unescape(chen.get("/").text)
    assert keys[0] not in chen.get(f"/ledger?plan={PLAN}").text
    listed = html.unescape(chen.get(f"/ledger?plan={PLAN}&status=past").text)
    assert keys[0] in listed


def test_rows_are_settled_together(chen, keys, desk_ledger):
    answer = settle(
        chen,
        keys[:3],
        **{"as-0": "done", "day-0": "2013-08-20", "words-0": "總結", "as-1": "not-done"},
        **{"words-1": "未開展"},
    )
    assert answer.url.path == "/past"
    assert statuses(desk_ledger, keys[:3]) == ["closed-on-time", "closed-not-done", "past"]


def test_an_error_stands_in_its_row_and_nothing_typed_is_lost(chen, keys, desk_ledger):
    answer = settle(
        chen,
        keys[:2],
        **{"as-0": "done", "day-0": "2013-12-30", "words-0": "總結", "as-1": "done"},
        **{"day-1": "2031-01-01", "words-1": "另一份"},
    )
    assert answer.status_code == 422
    assert 'id="wrong-1"' in answer.text
    assert 'id="wrong-0"' not in answer.text
    assert all(text in answer.text for text in ("總結", "另一份", "2031-01-01", "2013-12-30"))
    assert statuses(desk_ledger, keys[:2]) == ["past", "past"]


def test_the_ticked_rows_have_what_stands_above_them(chen, keys, desk_ledger):
    common = {"as": "done", "on_due_day": "1", "words": "年度總結", "chosen": keys[:4]}
    assert settle(chen, keys[:5], **common).url.path == "/past"
    assert statuses(desk_ledger, keys[:5]) == ["closed-on-time"] * 4 + ["past"]


def test_an_empty_form_says_what_to_do(chen, keys):
    assert settle(chen, keys[:2]).status_code == 422


def test_the_start_day_is_corrected_with_a_reason(chen, keys, desk_ledger):
    answer = chen.post_form(f"/past/start?plan={PLAN}", start_on="2013-12-01", reason="")
    assert answer.status_code == 422
    assert "2013-12-01" in answer.text
    there = {"start_on": "2014-12-30", "reason": "錄入有誤"}
    assert chen.post_form(f"/past/start?plan={PLAN}", **there).url.path == "/past"
    with desk_ledger.read() as conn:
        assert len(past(conn, PLAN)) > len(keys)
