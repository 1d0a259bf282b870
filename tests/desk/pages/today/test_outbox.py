"""`/outbox`: what has not left, why, and another try."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from catalog.wording import has, languages
from ledger.post import messages
from ledger.store.changes import Change
from tasks.letters.tiding_lines import KINDS

AT = dt.datetime(2014, 1, 24, tzinfo=dt.UTC)
BOX = re.compile(r'name="message" value="([^"]+)"')
COUNTS = {
    "": 3,
    "?agency=dongguan": 2,
    "?agency=foshan&state=dead": 1,
    "?agency=dong": 0,
    "?state=queued": 0,
    "?channel=sms": 0,
    "?page=99": 3,
}
REFUSED = "RCPT TO: 550 5.1.1 no such user"


@pytest.fixture
def dead(desk_ledger):
    """Three messages that died: two of Dongguan, one of Foshan that nobody fills."""
    with desk_ledger.transaction() as tx:
        sent = messages.listed(tx.conn, state="sent")
        own = [m for m in sent if m.recipient == "dongguan/officer"][-2:]
        other = next(m for m in sent if m.recipient == "foshan/officer")
        reasons = [REFUSED, REFUSED, "no address: nobody fills foshan/officer"]
        for message, reason in zip([*own, other], reasons, strict=True):
            row = Change("messages", message.id, {"state": "dead", "reason": reason})
            tx.record("dead", message.id, changes=[row], at=AT, actor="duban")
    return [*own, other]


def test_nobody_else_enters(signed_in):
    assert [signed_in(user).get("/outbox").status_code for user in ("li", "he")] == [403, 403]


@pytest.mark.parametrize("user", ["chen", "lin"])
def test_the_office_and_the_administrator_read_what_has_not_left_and_why(signed_in, dead, user):
    page = signed_in(user).get("/outbox?state=dead").text

    assert set(BOX.findall(page)) == {message.id for message in dead}
    assert REFUSED in page
    assert "該職位沒有登記地址" in page
    assert ("/settings/agencies/foshan?position=" in page) is (user == "lin")


@pytest.mark.usefixtures("dead")
def test_the_list_is_narrowed_by_state_agency_and_channel(signed_in):
    chen = signed_in("chen")
    pages = {query: chen.get(f"/outbox{query}") for query in COUNTS}
    assert {query: len(BOX.findall(page.text)) for query, page in pages.items()} == COUNTS
    assert chen.get("/outbox?state=sent").status_code == 422


def test_those_chosen_are_queued_again_and_the_others_not(signed_in, dead, desk_ledger):
    chen = signed_in("chen")

    chen.post_form("/outbox/retry", message=[dead[0].id, dead[2].id])

    with desk_ledger.read() as conn:
        states = [messages.one(conn, message.id).state for message in dead]
    assert states == ["queued", "dead", "queued"]
    assert BOX.findall(chen.get("/outbox?state=dead").text) == [dead[1].id]


def test_those_chosen_may_stand_on_any_page_of_the_list(signed_in, dead, desk_ledger, monkeypatch):
    monkeypatch.setattr("desk.pages.today.outbox.MOST", 1)

    signed_in("chen").post_form("/outbox/retry", message=[dead[2].id])

    with desk_ledger.read() as conn:
        assert messages.one(conn, dead[2].id).state == "queued"


def test_all_of_the_list_are_queued_again_and_no_others(signed_in, dead, desk_ledger):
    signed_in("lin").post_form("/outbox/retry", every="1", agency="dongguan")

    with desk_ledger.read() as conn:
        states = [messages.one(conn, message.id).state for message in dead]
    assert states == ["queued", "queued", "dead"]


def test_nothing_chosen_changes_nothing(signed_in, dead, desk_ledger):
    page = signed_in("chen").post_form("/outbox/retry")

    assert "沒有選中" in page.text
    with desk_ledger.read() as conn:
        assert len(messages.listed(conn, state="dead")) == len(dead)


def test_a_stopped_channel_is_tried_at_the_word_of_a_person(signed_in, desk_ledger):
    with desk_ledger.transaction() as tx:
        values = {"channel": "mail", "kind": "stopped", "reason": "535", "words": "", "since": AT}
        row = Change("channel_stops", "stop-1", values, "insert")
        tx.record("channel-stopped", "mail", changes=[row], at=AT, actor="duban")
    chen = signed_in("chen")
    assert 'action="/outbox/channel"' in chen.get("/outbox").text

    page = chen.post_form("/outbox/channel", channel="mail")

    assert ("下一輪發送" in page.text, 'action="/outbox/channel"' in page.text) == (True, False)
    assert "並未停止" in chen.post_form("/outbox/channel", channel="mail").text


def test_what_waits_for_a_stopped_channel_does_not_promise_the_next_round(
    signed_in, dead, desk_ledger
):
    with desk_ledger.transaction() as tx:
        queued = Change("messages", dead[0].id, {"state": "queued", "reason": None})
        tx.record("retried", dead[0].id, changes=[queued], at=AT, actor="chen")
    chen = signed_in("chen")
    assert "將於當日下一輪發送" in chen.get("/outbox?state=queued").text
    with desk_ledger.transaction() as tx:
        values = {"channel": "mail", "kind": "stopped", "reason": "535", "words": "", "since": AT}
        row = Change("channel_stops", "stop-1", values, "insert")
        tx.record("channel-stopped", "mail", changes=[row], at=AT, actor="duban")
    assert "渠道已停止，恢復後發送" in chen.get("/outbox?state=queued").text


@pytest.mark.parametrize("lang", languages())
def test_news_of_each_kind_has_its_name_in_every_language(lang):
    assert [kind for kind in KINDS if not has(lang, f"outbox.news.{kind}")] == []


@pytest.mark.usefixtures("dead")
def test_the_cockpit_leads_there(signed_in):
    assert 'href="/outbox?state=dead"' in signed_in("chen").get("/").text


@pytest.mark.usefixtures("dead")
def test_the_page_reads_in_every_language(signed_in):
    lin = signed_in("lin")
    for lang in ("zh-Hant", "zh-Hans", "en"):
        lin.post_form("/language", to=lang, then="/account")
        assert lin.get("/outbox").status_code == 200
