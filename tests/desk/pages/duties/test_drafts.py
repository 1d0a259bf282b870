"""What was typed and not sent is there again, for whoever typed it, until it is sent."""

from __future__ import annotations

import html
import re

import pytest

from desk.duties.forms import FORMS
from ledger.people import drafts_and_views

REPORT = "guangdong-2013/18.going-abroad/foshan/2013-H2"  # 省外經貿廳 leads, 佛山市 performs
FOSHAN = "foshan/officer"
FORM = f"/duty/{REPORT}/do/progress"
UNDO = re.compile(r'action="(/drafts/[0-9a-f]{32}/undo)"')
END = re.compile(r'<form id="end-draft" method="post" action="(/drafts/[0-9a-f]{32}/end)"')
BUTTON = '<button class="btn s q" form="end-draft">'
WORDS = "已走訪三家企業，<b>第一稿</b>"


@pytest.fixture
def foshan(signed_in):
    return signed_in(FOSHAN)


def keep(browser, text=WORDS, deed="progress", **fields):
    said = {"text": text} | fields if deed == "progress" else fields
    return browser.post_form(f"/duty/{REPORT}/draft/{deed}", shown_on="/account", **said)


def typed(browser, path=FORM):
    found = re.search(
        r'<textarea id="\w+"[^>]*>(.*?)</textarea>', browser.get(path).text, re.DOTALL
    )
    return html.unescape(found[1]) if found else None


def drafts(ledger, user=FOSHAN):
    with ledger.read() as conn:
        return drafts_and_views.drafts(conn, user)


def history_of(ledger):
    with ledger.read() as conn:
        return conn.exec_driver_sql("SELECT count(*) FROM entries").scalar()


@pytest.mark.both
def test_what_was_typed_is_there_at_the_next_visit(foshan, signed_in, desk_ledger):
    before = history_of(desk_ledger)
    answer = keep(foshan)
    assert "草稿已保存" in answer.text
    assert typed(signed_in(FOSHAN)) == WORDS
    assert history_of(desk_ledger) == before


@pytest.mark.parametrize("user", ["wu", "chen", "he", "zhou"])
def test_nobody_else_sees_it(foshan, signed_in, user):
    keep(foshan)
    other = signed_in(user)
    for path in (FORM, f"/duty/{REPORT}", "/in", f"/duty/{REPORT}/print"):
        assert "已走訪三家企業" not in other.get(path).text


def test_a_draft_ends_when_it_is_sent(foshan, desk_ledger):
    keep(foshan)
    assert foshan.post_form(FORM, shown_on=FORM, text="已走訪五家企業").status_code == 200
    assert drafts(desk_ledger) == []
    assert typed(foshan) == ""


def test_a_deed_that_is_refused_leaves_the_draft(foshan, desk_ledger):
    keep(foshan)
    assert foshan.post_form(FORM, shown_on=FORM, text=" ").status_code == 422
    assert len(drafts(desk_ledger)) == 1


def test_the_fields_of_a_quota_item_are_kept_without_its_files(foshan, signed_in, desk_ledger):
    answer = keep(foshan, deed="file", summary="年中總結")
    assert answer.status_code == 200
    assert [(d.deed, d.fields) for d in drafts(desk_ledger)] == [("file", {"summary": "年中總結"})]
    assert "草稿只保存文字" in signed_in(FOSHAN).get(f"/duty/{REPORT}/do/file").text


@pytest.mark.both
def test_the_inbox_lists_what_was_begun(foshan):
    keep(foshan)
    page = foshan.get("/in").text
    assert f'href="{FORM}"' in page


@pytest.mark.both
def test_a_draft_is_deleted_and_had_back(foshan, desk_ledger):
    """By a form of its own: that of the deed has fields and files that nothing here reads."""
    keep(foshan)
    page = foshan.get(FORM).text
    [end] = END.findall(page)
    assert BUTTON in page
    gone = foshan.post_form(end)
    assert (typed(foshan), drafts(desk_ledger)) == ("", [])
    back = foshan.post_form(UNDO.findall(gone.text)[0])
    assert (back.url.path, typed(foshan)) == (FORM, WORDS)


@pytest.mark.both
def test_after_ten_seconds_it_is_gone(foshan, desk_ledger, clock):
    keep(foshan)
    gone = foshan.post_form(END.findall(foshan.get(FORM).text)[0])
    clock.pass_(seconds=15)
    assert foshan.post_form(UNDO.findall(gone.text)[0]).status_code == 409
    assert drafts(desk_ledger) == []


def test_another_deletes_no_draft(foshan, signed_in, desk_ledger):
    keep(foshan)
    [end] = END.findall(foshan.get(FORM).text)
    assert signed_in("wu").post_form(end).status_code == 404
    assert len(drafts(desk_ledger)) == 1


@pytest.mark.parametrize(
    ("user", "deed", "status"),
    [
        ("zhou", "progress", 404),
        ("he", "progress", 403),
        ("wu", "file", 403),
        (FOSHAN, "close", 404),
    ],
)
def test_a_draft_is_kept_of_what_one_may_do(signed_in, desk_ledger, user, deed, status):
    answer = keep(signed_in(user), deed=deed, text=WORDS)
    assert (answer.status_code, drafts(desk_ledger, user)) == (status, [])


def test_only_a_form_in_which_something_is_typed_has_drafts():
    assert all(deed.fields for deed in FORMS.values() if deed.drafted)


@pytest.mark.parametrize("lang", ["zh-Hant", "zh-Hans", "en"])
def test_the_form_with_a_draft_reads_in_every_language(foshan, lang):
    keep(foshan)
    foshan.post_form("/language", to=lang, then="/account")
    assert (foshan.get(FORM).status_code, foshan.get("/in").status_code) == (200, 200)
