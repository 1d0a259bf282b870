"""A duty about which a thousand things were written: its pages stay small."""

from __future__ import annotations

import re

import pytest

from desk.access import tokens
from ledger.duties import duties, life
from ledger.store.changes import Change
from tests.desk.visitors import SINCE, Browser

TEXT = "第{}次會議的進展，詳見附件。"
MANY = 1000
SMALL = 120_000  # bytes


@pytest.fixture
def key(desk_ledger, clock):
    """A duty with a thousand comments, a hundred problems and a long text."""
    with desk_ledger.read() as conn:
        key = next(d.key for d in duties.listed(conn) if d.performer == "dongguan" and d.opened_on)
        before = {noun: life.count(conn, noun, key) for noun in ("remarks", "problems")}
    said = {"said_on": SINCE, "said_by": "li", "kind": "comment"}
    raised = {"raised_on": SINCE, "raised_by": "li"}
    with desk_ledger.transaction() as tx:
        for n in range(1, MANY + 1):
            text = "長" * 10_000 if n == MANY else TEXT.format(n)
            number = before["remarks"] + n
            rows = [
                Change(
                    "remarks",
                    life.row_id(key, "remark", number),
                    {"duty": key, "number": number, "text": text, **said},
                    "insert",
                )
            ]
            if n % 10 == 0:
                number = before["problems"] + n // 10
                values = {"duty": key, "number": number, "text": text, **raised}
                rows.append(
                    Change("problems", life.row_id(key, "problem", number), values, "insert")
                )
            note = {"text": text}
            tx.record("commented", key, changes=rows, note=note, at=clock(), actor="li")
    return key


@pytest.mark.parametrize("who", ["li", "chen"])
def test_the_page_of_a_duty_stays_small_whatever_was_written(signed_in, key, who):
    page = signed_in(who).get(f"/duty/{key}")
    assert page.status_code == 200
    assert len(page.content) < SMALL
    assert TEXT.format(MANY - 1) in page.text
    assert TEXT.format(MANY - 101) not in page.text


def test_one_leafs_through_the_record_to_its_first_entry(signed_in, key):
    browser = signed_in("li")
    first, last = browser.get(f"/duty/{key}"), browser.get(f"/duty/{key}?page=100000")
    pages = re.search(r'aria-current="page">1 / (\d+)<', first.text)
    assert pages
    assert int(pages[1]) > 20
    assert f"{pages[1]} / {pages[1]}<" in last.text
    before = browser.get(f"/duty/{key}?page={int(pages[1]) - 1}")
    assert TEXT.format(1) in before.text + last.text
    assert len(last.content) < SMALL


def test_a_long_text_is_read_whole_at_its_entry(signed_in, key):
    browser = signed_in("li")
    page = browser.get(f"/duty/{key}").text
    (whole, *_) = re.findall(rf'href="(/duty/{key}/receipt/\d+)"', page)
    assert "長" * 501 not in page
    assert "長" * 10_000 in browser.get(whole).text


@pytest.mark.parametrize("path", ["/in?duty={}", "/duty/{}/do/comment", "/duty/{}/print"])
def test_other_pages_with_the_duty_stay_small(signed_in, key, path):
    page = signed_in("li").get(path.format(key))
    assert page.status_code == 200
    assert len(page.content) < 3 * SMALL


@pytest.mark.parametrize("path", ["/problems", "/problems?duty={}&number=1"])
def test_the_problems_of_all_stay_a_page(signed_in, key, path):
    page = signed_in("chen").get(path.format(key))
    assert page.status_code == 200
    assert len(page.content) < 2 * SMALL


@pytest.mark.parametrize(
    ("path", "nouns"), [("history", None), ("notices", None), ("life", "remarks")]
)
def test_the_lists_of_the_api_have_a_limit(app, desk_ledger, key, path, nouns):
    with desk_ledger.transaction() as tx:
        token = tokens.issue(tx, "li", "api", on=SINCE)
    system = Browser(app, headers={"Authorization": f"Bearer {token}"})
    answers = [system.get(f"/api/duties/{key}/{path}{q}").json() for q in ("", "?limit=3")]
    lists = [answer[nouns] if nouns else answer for answer in answers]
    assert len(lists[0]) <= 500
    assert len(lists[1]) <= 3
    if path == "history":
        second = system.get(f"/api/duties/{key}/history?limit=2&offset=2").json()
        assert second[0] == lists[1][2]
