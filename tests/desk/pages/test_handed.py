"""The office hands duties down on a page, and takes over or declines what is handed to it."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest

from catalog import bundle
from ledger import bundles, editions, keys
from tasks.deed import Act
from tasks.handing_down import seal
from tasks.trusting import trust

ON = dt.date(2014, 1, 24)
AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)
LIN = Act("lin", ON, AT)
DUTY = "guangdong-2013/35.coaching/zhaoqing/2014"
ABOVE = "national-2012/3.local-plan/guangdong/once"


@pytest.fixture
def chen(signed_in):
    return signed_in("chen")


@pytest.fixture
def other(desk_ledger, tmp_path):
    """The home of another office, which is trusted here as `zhaoqing`."""
    home = tmp_path / "other"
    home.mkdir()
    trust(desk_ledger, "zhaoqing", keys.public(home), LIN)
    return home


def office(home):
    return bundle.Office(name="肇慶市協調辦", fingerprint=keys.fingerprint(keys.public(home)))


@pytest.fixture
def handed(desk_ledger, other):
    """What the other office hands down to this one, as a file."""
    duty = bundle.Duty(
        key=ABOVE,
        title="制訂省實施方案 <b>",
        says="各省制訂",
        measure="組織實施",
        kind="deliverable",
        basis="plan",
        period="once",
        opens_on=ON,
        due_on=dt.date(2014, 12, 31),
        quota_min=None,
        quota_max=None,
    )
    source = bundle.Source(code="national-2012", title="國家計劃", number=None, issued_on=ON)
    told = bundle.HandDown(
        origin=office(other),
        to=keys.fingerprint(keys.public(desk_ledger.settings.home)),
        at=AT,
        id="0123456789abcdef",
        plan=source,
        duties=(duty,),
    )
    return seal(other, told)


def bring(browser, content, name="d.json"):
    token = re.search(r'name="token" value="([0-9a-f]{64})"', browser.get("/account").text)
    files = {"upload": (name, content, "application/json")}
    return browser.post("/handed/in", data={"token": token[1] if token else ""}, files=files)


def test_what_is_brought_waits_with_its_words_as_text(chen, handed):
    page = bring(chen, handed)
    assert page.status_code == 200
    assert "制訂省實施方案 &lt;b&gt;" in page.text
    assert "肇慶市協調辦" in page.text
    assert "/handed/0123456789abcdef/take" in page.text


def test_it_is_taken_over_into_a_measure_of_the_plan(chen, handed, desk_ledger):
    bring(chen, handed)
    fields = {"plan": "guangdong-2013", "lead": "wjmt", "title": "落實國家計劃"}
    path = "/handed/0123456789abcdef/take"
    answer = chen.post_form(path, shown_on="/handed", **fields)
    assert answer.status_code == 200
    with desk_ledger.read() as conn:
        assert editions.in_force(conn, "guangdong-2013").edition == 2
        assert bundles.waiting(conn) == []
    made = chen.get("/duty/guangdong-2013/43.local-plan/-/once")
    assert ABOVE in made.text
    report = chen.post_form("/handed/report", shown_on="/handed", peer="zhaoqing")
    told = json.loads(json.loads(report.content)["payload"])
    assert [(a["duty"], a["state"], len(a["children"])) for a in told["answers"]] == [
        (ABOVE, "taken-over", 1)
    ]


@pytest.mark.parametrize(
    ("path", "fields", "field"),
    [
        ("take", {"plan": "guangdong-2013", "lead": "nobody"}, "lead"),
        ("take", {"plan": "nothing", "lead": "wjmt"}, "plan"),
        ("decline", {"reason": " "}, "reason"),
    ],
)
def test_what_is_refused_stands_at_its_field(chen, handed, path, fields, field):
    bring(chen, handed)
    page = chen.post_form(f"/handed/0123456789abcdef/{path}", shown_on="/handed", **fields)
    assert page.status_code == 422
    assert f'id="{field}-wrong"' in page.text


def test_it_is_declined_with_a_reason(chen, handed):
    bring(chen, handed)
    path = "/handed/0123456789abcdef/decline"
    chen.post_form(path, shown_on="/handed", reason="已另有方案")
    assert "0123456789abcdef" not in chen.get("/handed").text


@pytest.mark.parametrize("content", [b"", b"{}", b"x" * (bundle.LARGEST + 2)])
def test_what_is_no_bundle_is_refused_at_its_field(chen, content):
    page = bring(chen, content)
    assert (page.status_code, 'id="upload-wrong"' in page.text) == (422, True)


def test_a_duty_is_handed_down_where_it_stands_and_what_came_of_it_is_shown(
    chen, other, desk_ledger
):
    page = chen.post_form(f"/duty/{DUTY}/hand-down", shown_on=f"/duty/{DUTY}", office="zhaoqing")
    assert page.status_code == 200
    (path,) = set(re.findall(r'href="(/handed/[0-9a-f]{16}/file)"', page.text))
    signed = bundle.opened(chen.get(path).content, name="d")
    assert bundle.read(signed, name="d").duties[0].key == DUTY
    child = {
        "title": "市級輔導",
        "performer": "市經貿局",
        "due_on": "2014-12-31",
        "status": "overdue",
        "light": "red",
        "closed_on": None,
        "delivered": 0,
        "quota_min": None,
        "said": "<i>場地未定</i>",
    }
    answer = {"duty": DUTY, "state": "taken-over", "plan": "市計劃", "children": [child]}
    report = bundle.Report(
        origin=office(other),
        to=keys.fingerprint(keys.public(desk_ledger.settings.home)),
        at=AT,
        number=1,
        on=ON,
        answers=(bundle.Answer.model_validate_json(json.dumps(answer)),),
    )
    assert bring(chen, seal(other, report)).status_code == 200
    shown = chen.get(f"/duty/{DUTY}").text
    assert "市級輔導" in shown
    assert "&lt;i&gt;場地未定&lt;/i&gt;" in shown
    assert "市級輔導" not in chen.get("/handed").text


@pytest.mark.usefixtures("other")
def test_an_office_nobody_trusts_is_refused_at_the_form(chen):
    page = chen.post_form(f"/duty/{DUTY}/hand-down", shown_on=f"/duty/{DUTY}", office="nobody")
    assert (page.status_code, 'id="office-wrong"' in page.text) == (422, True)


@pytest.mark.usefixtures("other")
@pytest.mark.parametrize("who", ["li", "he", "lin"])
def test_nobody_else_hands_down_or_looks(signed_in, who):
    browser = signed_in(who)
    assert browser.get("/handed").status_code == 403
    assert "hand-down" not in browser.get("/ledger").text


def test_where_nobody_is_trusted_a_duty_says_nothing_of_it(chen):
    assert "h-handed" not in chen.get(f"/duty/{DUTY}").text
