"""A letter that came back is shown where people look: cockpit, outbox, duty, contact and record."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from desk.web.addresses import duty_path
from ledger.post import letters, notices
from tasks.incoming.reading import take
from tests.tasks.incoming.samples import dsn

AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)
COUNT = re.compile(r"(\d+)封信被退回.*?href=\"(/outbox\?state=bounced)\"", re.DOTALL)
BOX = re.compile(r'name="message" value="([^"]+)"')


@pytest.fixture
def duty(desk_ledger):
    """A duty of which a rung reached nobody: its letter came back."""
    with desk_ledger.read() as conn:
        sent = {letter.message_id: letter for letter in letters.listed(conn, state="sent")}
        carried = letters.messages_of(conn, [letter.id for letter in sent.values()])
    for letter in sent.values():
        report = dsn(message_id=letter.message_id, to=letter.address)
        assert take(report, [desk_ledger], lambda _: AT).word == "bounced"
        with desk_ledger.read() as conn:
            rows = notices.of_messages(conn, [each.id for each in carried[letter.id]])
            keys = [notice.duty for each in rows.values() for notice in each]
            lonely = [key for key in keys if notices.unreached(conn, key, limit=1)]
        if lonely:
            return lonely[0]
    raise AssertionError("every rung went to several")


def test_it_is_shown_wherever_people_look(signed_in, desk_ledger, duty):
    chen = signed_in("chen")
    page = chen.get(duty_path(duty)).text
    assert "提醒未能送達" in page
    assert "被退回" in page
    ((number, path),) = COUNT.findall(chen.get("/").text)
    assert len(BOX.findall(chen.get(path).text)) == int(number)
    assert "550 5.1.1 no such user" in chen.get(path).text
    agencies = _agencies_of(desk_ledger, duty)
    pages = [chen.get(f"/settings/agencies/{agency}").text for agency in agencies]
    assert any("退信：無此信箱" in page for page in pages)
    record = signed_in("he").get("/audit?deed=bounced").text
    assert "信函被退回" in record
    assert "550 5.1.1 no such user" in record


def _agencies_of(desk_ledger, key):
    """Return the agencies that nothing reached about a duty."""
    with desk_ledger.read() as conn:
        lonely = notices.unreached(conn, key, limit=9)
    return {notice.recipient.partition("/")[0] for notice in lonely}


@pytest.mark.usefixtures("duty")
def test_it_can_be_sent_again_from_the_outbox(signed_in):
    chen = signed_in("chen")
    chen.post_form("/outbox/retry", every="1", state="bounced")
    assert BOX.findall(chen.get("/outbox?state=bounced").text) == []
