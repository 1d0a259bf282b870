"""The three queues: what waits for whom, the material, and the decision that leads back."""

from __future__ import annotations

import re

import pytest

REPORT = "guangdong-2013/18.going-abroad/foshan/2013-H2"
COUNT = re.compile(r'<a href="(/\w+)"[^>]*>[^<]*<span class="n">(\d+)</span>')
GROUP = re.compile(
    r'<h2 class="h3">([^<]*)<span class="n">(\d+)</span></h2>(.*?)(?=<h2|</nav>)', re.DOTALL
)
PATHS = ("/review", "/extensions", "/problems")


def groups(page):
    return {name: (int(n), rows.count('class="it')) for name, n, rows in GROUP.findall(page)}


def counts(page):
    return {path: int(n) for path, n in COUNT.findall(page)}


@pytest.fixture
def filed(signed_in):
    """A report of Foshan that its lead has still to judge."""
    agency = signed_in("foshan/officer")
    agency.post_form(f"/duty/{REPORT}/do/file", shown_on=f"/duty/{REPORT}", summary="已完成")
    return agency


@pytest.mark.both
@pytest.mark.usefixtures("filed")
def test_the_lead_judges_first_and_the_office_is_shown_where_it_lies(signed_in):
    lead, office = signed_in("wu").get("/review").text, signed_in("chen").get("/review").text
    assert REPORT in lead
    assert groups(lead)["等您審核"][0] == groups(lead)["等您審核"][1] > 0
    assert groups(office)["在牽頭單位"][1] >= 1


@pytest.mark.both
@pytest.mark.usefixtures("filed")
def test_what_the_lead_accepted_waits_for_the_office_which_closes_it(signed_in):
    lead, office = signed_in("wu"), signed_in("chen")
    before = counts(office.get("/review").text)["/review"]
    there = f"/review?duty={REPORT}"
    told = lead.post_form(f"/duty/{REPORT}/do/accept", shown_on=there, then="/review")
    assert told.url.path == "/review"
    assert counts(office.get("/review").text)["/review"] == before + 1

    office.post_form(f"/duty/{REPORT}/do/close", shown_on=there, then="/review")
    assert counts(office.get("/review").text)["/review"] == before


def test_whoever_filed_finds_nothing_of_it_to_judge(filed):
    assert groups(filed.get("/review").text) == {}


@pytest.mark.usefixtures("filed")
def test_what_is_given_back_leaves_the_queue(signed_in):
    lead = signed_in("wu")
    page = lead.get(f"/review?duty={REPORT}").text
    assert f'action="/duty/{REPORT}/do/return"' in page
    lead.post_form(f"/duty/{REPORT}/do/return", then="/review", reason="缺數據")
    assert f"duty={REPORT}" not in lead.get("/review").text


@pytest.mark.both
def test_a_request_for_another_date_is_granted_from_its_queue(signed_in):
    agency, office = signed_in("foshan/officer"), signed_in("chen")
    before = counts(office.get("/extensions").text)["/extensions"]
    agency.post_form(f"/duty/{REPORT}/do/ask-extension", to="2014-08-29", reason="數據未齊")

    page = office.get(f"/extensions?duty={REPORT}").text
    assert counts(page)["/extensions"] == before + 1 == groups(page)["待決定"][1]
    assert "數據未齊" in page
    office.post_form(f"/duty/{REPORT}/do/grant-extension", then="/extensions")
    assert counts(office.get("/extensions").text)["/extensions"] == before


@pytest.mark.both
def test_a_problem_is_answered_from_its_queue(signed_in):
    agency, office = signed_in("foshan/officer"), signed_in("chen")
    agency.post_form(f"/duty/{REPORT}/do/raise-problem", text="口徑不明")

    page = office.get(f"/problems?duty={REPORT}&number=1").text
    assert "口徑不明" in page
    assert counts(page)["/problems"] == groups(page)["待答覆"][1] > 0
    office.post_form(
        f"/duty/{REPORT}/do/answer-problem", then="/problems", number="1", text="按海關口徑"
    )
    after = office.get(f"/problems?duty={REPORT}&number=1").text
    assert "按海關口徑" in after
    assert counts(after)["/problems"] == counts(page)["/problems"] - 1


@pytest.mark.parametrize("user", ["li", "he", "lin"])
@pytest.mark.parametrize("path", PATHS[1:])
def test_the_queues_of_the_office_are_nobody_elses(signed_in, user, path):
    assert signed_in(user).get(path).status_code == 403


@pytest.mark.usefixtures("filed")
def test_another_agency_cannot_choose_it(signed_in):
    assert signed_in("zhou").get("/review", params={"duty": REPORT}).status_code == 404


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("lang", ["zh-Hant", "zh-Hans", "en"])
def test_each_queue_reads_in_every_language(signed_in, path, lang):
    office = signed_in("chen")
    office.post_form("/language", to=lang, then=path)
    assert office.get(path).status_code == 200
