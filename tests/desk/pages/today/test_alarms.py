"""A clock that stands wrong is an alarm on every page of those who can have it set right."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest

from ledger.store.changes import Change
from tasks.post.channels import stops
from tasks.post.channels.channel import StopKind
from tasks.proof.daily_check import SUBJECT

AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)  # 10:00 in Shanghai; swept that morning
AHEAD, LEAP = "2014年1月24日，而該日尚未到來", "duban sweep --plan guangdong-2013 --confirm"


@pytest.fixture
def _real(desk_ledger):
    with desk_ledger.transaction() as tx:
        change = Change("editions", ("guangdong-2013", 1), {"is_demo": False})
        tx.record("published", "guangdong-2013", changes=[change], at=AT, actor="duban")


@pytest.mark.usefixtures("_real")
@pytest.mark.parametrize("who", ["chen", "lin"])
@pytest.mark.parametrize(
    ("at", "alarms"),
    [
        (AT, []),
        (AT - dt.timedelta(hours=11), [AHEAD]),
        (AT - dt.timedelta(days=60), [AHEAD]),
        (AT + dt.timedelta(days=365), [LEAP]),
    ],
)
def test_the_office_and_the_administrator_are_told(signed_in, clock, who, at, alarms):
    clock.at = at
    page = signed_in(who).get("/account").text
    assert [alarm for alarm in (AHEAD, LEAP) if alarm in page] == alarms


@pytest.mark.usefixtures("_real")
@pytest.mark.parametrize(("days", "shown"), [(0, True), (7, True), (8, False)])
def test_what_a_daily_check_found_is_an_alarm_until_its_next_turn(
    signed_in, desk_ledger, clock, days, shown
):
    note = {"on": dt.date(2014, 1, 24), "plan": "guangdong-2013", "count": 3, "findings": ["x"]}
    with desk_ledger.transaction() as tx:
        tx.record("check-failed", SUBJECT, note=note, at=AT, actor="duban")
    clock.at = AT + dt.timedelta(days)
    assert ("每日核對發現3項" in signed_in("lin").get("/account").text) is shown


@pytest.mark.usefixtures("_real")
@pytest.mark.parametrize("cause", get_args(StopKind))
def test_a_channel_that_stopped_is_an_alarm_until_it_takes_letters_again(
    signed_in, desk_ledger, clock, cause
):
    clock.at = AT
    reason = "554 <b>relay</b> denied"
    values = {"channel": "mail", "kind": cause, "reason": reason, "words": "x", "since": AT}
    with desk_ledger.transaction() as tx:
        change = Change("channel_stops", "stop", values, op="insert")
        tx.record("channel-stopped", "mail", changes=[change], at=AT, actor="duban")
    for who in ("chen", "lin"):
        page = signed_in(who).get("/account").text
        assert "發送渠道 mail 自2014年1月24日" in page
        assert "554 &lt;b&gt;relay&lt;/b&gt; denied" in page
    assert "發送渠道" not in signed_in("li").get("/account").text
    stops.resume(desk_ledger, "mail", at=AT, actor="office/officer")
    assert "發送渠道" not in signed_in("lin").get("/account").text


@pytest.mark.usefixtures("_real")
def test_nobody_else_is(signed_in, clock):
    clock.at = AT + dt.timedelta(days=365)
    for who in ("li", "he"):
        assert 'role="alert"' not in signed_in(who).get("/account").text
