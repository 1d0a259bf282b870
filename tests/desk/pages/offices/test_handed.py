"""The office hands duties down on a page, and takes over or declines what is handed to it."""

from __future__ import annotations

import json
import re

import pytest

from catalog.offices import bundle
from ledger.offices import bundles
from ledger.plans import editions
from tasks.act import Act
from tasks.offices.trusting import trust
from tests.neighbour import ABOVE, AT, BUNDLE, ON, Neighbour

DUTY = "guangdong-2013/35.coaching/zhaoqing/2014"
FILE = re.compile(r'href="(/handed/[0-9a-f]{16}/file)"')


@pytest.fixture
def chen(signed_in):
    return signed_in("chen")


@pytest.fixture
def other(desk_ledger, tmp_path):
    """Another office, which is trusted here as `zhaoqing`."""
    made = Neighbour(tmp_path / "other", desk_ledger)
    trust(desk_ledger, "zhaoqing", made.key, Act("lin", ON, AT))
    return made


def bring(browser, content):
    token = re.search(r'name="token" value="([0-9a-f]{64})"', browser.get("/account").text)
    files = {"upload": ("d.json", content, "application/json")}
    return browser.post("/handed/in", data={"token": token[1] if token else ""}, files=files)


def decide(browser, deed, **fields):
    return browser.post_form(f"/handed/{BUNDLE}/{deed}", shown_on="/handed", **fields)


def hand_down(browser, office="zhaoqing"):
    path = f"/duty/{DUTY}"
    return browser.post_form(f"{path}/hand-down", shown_on=path, office=office)


def test_what_is_brought_waits_with_its_words_as_text(chen, other):
    page = bring(chen, other.hands_down(title="實施方案 <b>"))
    assert page.status_code == 200
    assert "實施方案 &lt;b&gt;" in page.text
    assert "肇慶市協調辦" in page.text
    assert f"/handed/{BUNDLE}/take" in page.text


def test_it_is_taken_over_into_a_measure_of_the_plan_and_reported_on(chen, other, desk_ledger):
    bring(chen, other.hands_down())
    assert decide(chen, "take", plan="guangdong-2013", lead="wjmt").status_code == 200
    with desk_ledger.read() as conn:
        assert editions.in_force(conn, "guangdong-2013").edition == 2
        assert bundles.waiting(conn) == []
    assert ABOVE in chen.get("/duty/guangdong-2013/43.local-plan/-/once").text
    report = chen.post_form("/handed/report", shown_on="/handed", peer="zhaoqing")
    (answer,) = json.loads(json.loads(report.content)["payload"])["answers"]
    assert (answer["duty"], answer["state"]) == (ABOVE, "taken-over")


@pytest.mark.parametrize(
    ("deed", "fields", "field"),
    [
        ("take", {"plan": "guangdong-2013", "lead": "nobody"}, "lead"),
        ("take", {"plan": "nothing", "lead": "wjmt"}, "plan"),
        ("decline", {"reason": " "}, "reason"),
    ],
)
def test_what_is_refused_stands_at_its_field(chen, other, deed, fields, field):
    bring(chen, other.hands_down())
    page = decide(chen, deed, **fields)
    assert (page.status_code, f'id="{field}-wrong"' in page.text) == (422, True)


def test_what_is_declined_waits_no_longer(chen, other):
    assert BUNDLE in bring(chen, other.hands_down()).text
    decide(chen, "decline", reason="已另有方案")
    assert BUNDLE not in chen.get("/handed").text


@pytest.mark.parametrize("content", [b"", b"{}", b"x" * (bundle.LARGEST + 2)])
def test_what_is_no_bundle_is_refused_at_its_field(chen, content):
    page = bring(chen, content)
    assert (page.status_code, 'id="upload-wrong"' in page.text) == (422, True)


def test_a_duty_is_handed_down_where_it_stands_and_its_file_is_there(chen, other):
    (path,) = set(FILE.findall(hand_down(chen).text))
    signed = bundle.unseal(chen.get(path).content, name="d")
    told = bundle.read(signed, name="d")
    assert ([duty.key for duty in told.duties], told.to) == ([DUTY], signed_to(other))


def signed_to(other):
    return bundle.read(bundle.unseal(other.hands_down(), name="d"), name="d").origin.fingerprint


def test_what_came_of_it_is_shown_with_the_duty_as_text(chen, other):
    hand_down(chen)
    assert bring(chen, other.reports(DUTY, said="<i>場地未定</i>")).status_code == 200
    page = chen.get(f"/duty/{DUTY}").text
    assert "市級輔導" in page
    assert "&lt;i&gt;場地未定&lt;/i&gt;" in page
    assert chen.get("/handed").text.count("0/1") == 1


@pytest.mark.usefixtures("other")
def test_an_office_nobody_trusts_is_refused_at_the_form(chen):
    page = hand_down(chen, office="nobody")
    assert (page.status_code, 'id="office-wrong"' in page.text) == (422, True)


@pytest.mark.usefixtures("other")
@pytest.mark.parametrize("who", ["li", "he", "lin"])
def test_nobody_else_is_offered_to_hand_down(signed_in, who):
    browser = signed_in(who)
    assert browser.get("/handed").status_code == 403
    assert "/hand-down" not in browser.get(f"/duty/{DUTY}").text


def test_where_nobody_is_trusted_a_duty_says_nothing_of_it(chen):
    assert "h-handed" not in chen.get(f"/duty/{DUTY}").text
