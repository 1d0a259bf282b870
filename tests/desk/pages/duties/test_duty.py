"""The page of one duty: what it shows to whom, and what it offers first."""

from __future__ import annotations

import hashlib
import re

import pytest

from catalog.wording import languages, texts
from ledger.duties import duties, life
from ledger.post import slips
from ledger.proof import chain

OPEN = "guangdong-2013/20.transfer-schemes/dongguan/once"
CLOSED = "guangdong-2013/35.coaching/dongguan/2013"
MOVED = "guangdong-2013/18.going-abroad/zhuhai/2013-H2"
MET = "guangdong-2013/40.meeting/-/2013"
SILENT = "guangdong-2013/35.coaching/zhaoqing/2014"
QUOTA = "guangdong-2013/8.events/-/2014"


def offered(page):
    found = re.search(r'<form class="form noprint" id="form" method="post" action="[^"]*/do/', page)
    return page[found.end() :].partition('"')[0] if found else ""


@pytest.mark.parametrize(
    ("user", "key", "deed"),
    [
        ("zhaoqing/officer", SILENT, "acknowledge"),
        ("li", OPEN, "progress"),
        ("wu", QUOTA, "deliver-item"),
        ("chen", OPEN, ""),
        ("he", OPEN, ""),
        ("li", CLOSED, ""),
    ],
)
def test_one_deed_is_offered_first_by_role_and_standing(signed_in, user, key, deed):
    assert offered(signed_in(user).get(f"/duty/{key}").text) == deed


@pytest.mark.both
def test_a_duty_shows_the_plans_words_and_its_steps(signed_in):
    page = signed_in("li").get(f"/duty/{OPEN}").text
    assert "督促珠三角地區產業轉出市制訂工作方案" in page
    assert "牽頭單位審核通過" in page
    assert "還有96天" in page  # from 2014-01-24 to 2014-04-30


@pytest.mark.both
@pytest.mark.parametrize("user", ["chen", "li", "he"])
def test_every_entry_about_the_duty_is_told(signed_in, desk_ledger, user):
    page = signed_in(user).get(f"/duty/{CLOSED}").text
    with desk_ledger.read() as conn:
        told = list(chain.entries(conn, subject=CLOSED))
    assert all(f"{entry.hash[:4]}…{entry.hash[-4:]}" in page for entry in told)


@pytest.mark.parametrize("lang", languages())
def test_every_deed_of_a_lived_history_has_its_word(desk_ledger, lang):
    with desk_ledger.read() as conn:
        known = duties.keys(conn, "guangdong-2013")
        done = {e.deed for e in chain.entries(conn) if e.subject in known}
    assert {f"deeds.entry.{deed}" for deed in done} <= set(texts(lang))


def test_a_moved_date_shows_what_it_was(signed_in):
    page = signed_in("chen").get(f"/duty/{MOVED}").text
    assert "<s>2014年1月28日</s>" in page
    assert "<ins>2014年2月27日</ins>" in page


@pytest.mark.both
def test_a_file_of_evidence_is_handed_out_as_it_came_in(signed_in, desk_ledger):
    with desk_ledger.read() as conn:
        file = life.evidence(conn, MET)[0]
    answer = signed_in("he").get(f"/duty/{MET}/evidence/{file.sha256}")
    assert hashlib.sha256(answer.content).hexdigest() == file.sha256
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_file_is_not_there_under_another_duty(signed_in, desk_ledger):
    with desk_ledger.read() as conn:
        file = life.evidence(conn, MET)[0]
    assert signed_in("he").get(f"/duty/{OPEN}/evidence/{file.sha256}").status_code == 404


@pytest.mark.parametrize("path", ["", "/print", "/receipt/1", "/evidence/00"])
def test_the_duty_of_another_is_not_there(signed_in, path):
    assert signed_in("zhou").get(f"/duty/{OPEN}{path}").status_code == 404


def test_drafts_of_slips_are_the_offices_own(signed_in, desk_ledger):
    with desk_ledger.read() as conn:
        draft = slips.listed(conn, state="draft")[0].notice
        held = duties.one(conn, draft.duty)
    path = f"/duty/{draft.duty}"
    assert "督辦單擬稿" in signed_in("chen").get(path).text
    assert "督辦單擬稿" not in signed_in(f"{held.performer}/officer").get(path).text


@pytest.mark.parametrize("lang", languages())
def test_the_print_has_every_hash_whole_in_each_language(signed_in, desk_ledger, lang):
    browser = signed_in("he")
    browser.cookies.set("duban-language", lang)
    page = browser.get(f"/duty/{CLOSED}/print").text
    with desk_ledger.read() as conn:
        told = list(chain.entries(conn, subject=CLOSED))
    assert all(entry.hash in page for entry in told)


def test_an_entry_of_another_duty_is_no_receipt_here(signed_in):
    assert signed_in("li").get(f"/duty/{OPEN}/receipt/1").status_code == 404
