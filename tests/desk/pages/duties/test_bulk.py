"""Many duties at once: first what will happen to each and what is refused, then each by itself."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from desk.access.signin import hashed
from ledger.duties import duties
from ledger.people import idempotency
from ledger.post import notices
from ledger.proof import chain
from tests import databases

KEY = re.compile(r'<input type="checkbox" name="key" value="([^"]+)"')
ROW = re.compile(r'<a class="t" lang="zh" href="/duty/([^"]+)"')
READY = re.compile(r'<input type="hidden" name="key" value="([^"]+)"')
NAME = re.compile(r'<input type="hidden" name="name" value="([0-9a-f]{32})"')


@pytest.fixture
def chen(signed_in):
    return signed_in("chen")


def preview(browser, deed, keys=(), **filters):
    return browser.get("/bulk", params={"do": deed, "key": list(keys), **filters})


def ready(browser, deed="urge", view="unsigned"):
    return READY.findall(preview(browser, deed, every="1", view=view).text)


def send(browser, page, deed, **more):
    fields = {"do": deed, "name": NAME.findall(page.text)[0], "key": READY.findall(page.text)}
    return browser.post_form("/bulk", **fields, **more)


def deeds(ledger, key):
    with ledger.read() as conn:
        return [entry.deed for entry in chain.entries(conn, subject=key)]


def whole(ledger):
    with ledger.read() as conn:
        return databases.rows(conn)


@pytest.mark.both
def test_what_is_chosen_is_shown_and_nothing_is_done(chen, desk_ledger):
    keys = ready(chen)[:3]
    before = whole(desk_ledger)
    page = preview(chen, "urge", keys)
    assert READY.findall(page.text) == keys
    assert whole(desk_ledger) == before


def test_each_is_urged_and_told_in_one_line(chen, desk_ledger):
    keys = ready(chen)[:3]
    urged = [deeds(desk_ledger, key).count("urged") + 1 for key in keys]
    answer = send(chen, preview(chen, "urge", keys), "urge", text="請本週內報送")
    assert answer.url.path.startswith("/bulk/")
    assert answer.text.count("已辦理</span>") == 3
    assert [deeds(desk_ledger, key).count("urged") for key in keys] == urged
    with desk_ledger.read() as conn:
        told = [n.rung for key in keys for n in notices.listed(conn, duty=key)]
    assert told.count("urged:2014-01-24") >= 3


@pytest.mark.both
def test_the_same_form_sent_twice_does_it_once(chen, desk_ledger):
    page = preview(chen, "urge", keys := ready(chen)[:2])
    urged = [deeds(desk_ledger, key).count("urged") + 1 for key in keys]
    first = send(chen, page, "urge")
    before = whole(desk_ledger)
    again = send(chen, page, "urge")
    assert (again.url, again.status_code) == (first.url, 200)
    assert whole(desk_ledger) == before
    assert [deeds(desk_ledger, key).count("urged") for key in keys] == urged


def test_what_a_rule_refuses_is_shown_with_the_rule_and_is_not_sent(chen, desk_ledger):
    urged, *others = ready(chen)[:3]
    before = deeds(desk_ledger, urged).count("urged")
    send(chen, preview(chen, "urge", [urged]), "urge")
    page = preview(chen, "urge", [urged, *others])
    assert READY.findall(page.text) == others
    assert "今日已催辦過" in page.text
    send(chen, page, "urge")
    assert deeds(desk_ledger, urged).count("urged") == before + 1


@pytest.mark.both
def test_what_was_done_meanwhile_is_refused_in_its_line_and_the_others_are_done(chen):
    keys = ready(chen)[:3]
    page = preview(chen, "urge", keys)
    chen.post_form(f"/duty/{keys[1]}/do/urge", shown_on=f"/duty/{keys[1]}")
    answer = send(chen, page, "urge")
    assert answer.text.count("已辦理</span>") == 2
    assert answer.text.count("今日已催辦過") == 1


@pytest.mark.both
def test_the_whole_list_is_as_long_as_the_ledger_says(chen):
    listed = chen.get("/ledger?view=open").text
    total = int(re.search(r"列表中的全部(\d+)項", listed)[1])
    assert total > len(KEY.findall(listed)) == 50
    page = preview(chen, "urge", view="open", every="1")
    assert len(ROW.findall(page.text)) == min(total, 200)


def test_only_what_was_accepted_is_closed(chen, desk_ledger):
    page = preview(chen, "close", every="1", view="open")
    filed = READY.findall(page.text)
    assert 0 < len(filed) < len(ROW.findall(page.text))
    send(chen, page, "close")
    with desk_ledger.read() as conn:
        held = duties.of(conn, filed)
    assert {duty.closed_as for duty in held.values()} == {"done"}
    assert all(d.accepted_on or d.lead == d.performer for d in held.values())


@pytest.mark.both
def test_rows_chosen_are_exported_and_no_others(chen):
    keys = ready(chen)[:2]
    table = chen.get("/ledger.csv", params={"key": keys, "view": "unsigned"}).text
    assert len(table.strip().splitlines()) == 3
    assert all(key in table for key in keys)
    every = chen.get("/ledger.csv", params={"key": keys, "view": "unsigned", "every": "1"}).text
    assert len(every.strip().splitlines()) > 3


def test_nothing_chosen_asks_to_choose(chen):
    page = preview(chen, "urge", view="overdue")
    assert READY.findall(page.text) == []
    assert "沒有選擇事項" in page.text


@pytest.mark.parametrize("fields", [{"do": "waive"}, {"do": ""}])
def test_another_deed_is_not_done_in_bulk(chen, fields):
    assert chen.get("/bulk", params=fields).status_code == 422
    assert chen.post_form("/bulk", name="0" * 32, **fields).status_code == 422


def test_a_name_that_no_form_bears_is_refused(chen):
    assert chen.post_form("/bulk", do="urge", name="mine").status_code == 422
    assert chen.get(f"/bulk/{'0' * 32}").status_code == 404


def test_the_outcome_is_shown_to_whoever_did_it_alone(chen, signed_in):
    answer = send(chen, preview(chen, "urge", ready(chen)[:1]), "urge")
    there = answer.url.path
    other = signed_in("lin")
    assert other.get(there).status_code == 403


def test_what_was_cut_off_says_so(chen, desk_ledger):
    name = "a" * 32
    held, asked = hashed(f"chen\nbulk\n{name}"), '{"deed": "urge"}'
    idempotency.begin(desk_ledger, held, user="chen", request=asked, on=dt.date(2014, 1, 24))
    assert "中途斷開" in chen.get(f"/bulk/{name}").text


@pytest.mark.parametrize("user", ["li", "he", "lin"])
def test_others_choose_rows_only_to_export_them(signed_in, user):
    browser = signed_in(user)
    page = browser.get("/ledger").text
    assert "導出所選" in page
    assert 'name="do"' not in page
    assert browser.get("/bulk?do=urge").status_code == 403
    assert browser.post_form("/bulk", do="urge", name="0" * 32).status_code == 403


def test_an_agency_exports_no_row_of_another(signed_in, chen):
    key = KEY.findall(chen.get("/ledger?agency=wjmt").text)[0]
    table = signed_in("zhou").get("/ledger.csv", params={"key": key}).text
    assert key not in table


@pytest.mark.parametrize("lang", ["zh-Hant", "zh-Hans", "en"])
def test_preview_and_outcome_read_in_every_language(chen, lang):
    chen.post_form("/language", to=lang, then="/account")
    page = preview(chen, "urge", ready(chen)[:2])
    assert send(chen, page, "urge").status_code == 200
