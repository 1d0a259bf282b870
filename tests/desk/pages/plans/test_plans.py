"""The plan with its words, its targets, and an edition put in force after it was compared."""

from __future__ import annotations

import re
import shutil

import pytest

import catalog.plans.load
from catalog.plans.load import PLANS, load_plan

PLAN = "guangdong-2013"
SHOWN = re.compile(r'name="shown" value="([0-9a-f]{64})"')
CHIP = re.compile(r'<a class="chip" href="(/targets[^"]*)"[^>]*>[^<]*<b class="n">(\d+)</b>')


@pytest.fixture
def second_edition(tmp_path, monkeypatch):
    """The catalogue holds an edition 2, which moves the date of one obligation."""
    folder = tmp_path / "plans"
    shutil.copytree(PLANS, folder)
    file = folder / f"{PLAN}.toml"
    text = file.read_text(encoding="utf-8")
    edition = text.replace("edition = 1", "edition = 2", 1)
    file.write_text(edition.replace("due_on = 2014-12-31", "due_on = 2014-09-30", 1), "utf-8")
    monkeypatch.setattr(catalog.plans.load, "PLANS", folder)


def test_every_measure_is_shown_with_the_words_it_rests_on(signed_in):
    page = signed_in("chen").get("/plans").text
    plan = load_plan(PLAN)
    assert page.count('<details class="card measure"') == len(plan.measures)
    assert "力爭達到1800億美元" in page
    words = [o.says for m in plan.measures for o in m.obligations]
    assert [says for says in words if says not in page] == []


def test_each_verdict_opens_as_many_targets_as_it_counts(signed_in):
    chen = signed_in("chen")
    chips = CHIP.findall(chen.get("/targets").text.replace("&amp;", "&"))
    assert len(chips) > 1
    for path, n in chips:
        assert chen.get(path).text.count('class="card target"') == int(n)


@pytest.mark.parametrize(
    ("user", "path", "status"),
    [
        ("li", "/plans", 403),
        ("li", "/targets", 200),
        ("he", "/plans", 200),
        ("he", "/targets", 200),
        ("he", "/plans/publish", 403),
        ("lin", "/plans", 200),
        ("lin", "/plans/publish", 403),
        ("chen", "/plans/publish", 200),
    ],
)
def test_who_sees_the_plan_and_who_may_publish(signed_in, user, path, status):
    assert signed_in(user).get(path).status_code == status


def test_the_edition_in_force_is_not_offered_again(signed_in):
    page = signed_in("chen").get(f"/plans/publish?of={PLAN}").text
    assert SHOWN.findall(page) == []
    assert "沒有可發布的" in page


@pytest.mark.usefixtures("second_edition")
def test_the_difference_is_shown_first_and_then_put_in_force(signed_in):
    chen = signed_in("chen")
    there = f"/plans/publish?of={PLAN}"
    page = chen.get(there).text
    assert "2014年9月30日" in page
    [shown] = SHOWN.findall(page)

    done = chen.post_form("/plans/publish", shown_on=there, plan=PLAN, shown=shown)
    assert done.url.path == "/plans"
    assert "第2版" in done.text


@pytest.mark.usefixtures("second_edition")
def test_an_edition_that_was_not_shown_is_shown_first(signed_in):
    answer = signed_in("chen").post_form("/plans/publish", plan=PLAN, shown="0" * 64)
    assert answer.status_code == 409
    assert SHOWN.findall(answer.text)


def test_an_agency_sees_the_targets_it_leads_or_has_a_part_in_and_no_other(signed_in):
    targets = re.compile(r'class="card target" id="([^"]+)"')
    every = targets.findall(signed_in("chen").get("/targets").text)
    led = targets.findall(signed_in("wu").get("/targets").text)
    assert 0 < len(led) < len(every)
    own = targets.findall(signed_in("zhou").get("/targets").text)
    plan = load_plan(PLAN)
    shared = {f"{m.number}.{t.id}" for m in plan.measures for t in m.targets if t.parties}
    assert set(own) <= shared


def test_no_file_outside_the_catalogue_is_read(signed_in):
    chen = signed_in("chen")
    assert chen.get("/plans/publish", params={"of": "/etc/hosts"}).status_code == 404
    assert chen.post_form("/plans/publish", plan="/etc/hosts").status_code == 404


@pytest.mark.parametrize("path", ["/", "/ledger", "/plans", "/plans/publish", "/circulars"])
def test_a_plan_that_is_not_in_force_is_not_there(signed_in, path):
    assert signed_in("chen").get(path, params={"plan": "atlantis-1900"}).status_code in {200, 404}


@pytest.mark.parametrize("path", ["/plans", "/targets", f"/plans/publish?of={PLAN}"])
@pytest.mark.parametrize("lang", ["zh-Hant", "zh-Hans", "en"])
def test_each_page_reads_in_every_language(signed_in, path, lang):
    chen = signed_in("chen")
    chen.post_form("/language", to=lang, then="/account")
    assert chen.get(path).status_code == 200
