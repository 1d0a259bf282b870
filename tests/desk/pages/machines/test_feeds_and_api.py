"""What a calendar and an agency's own system get by their tokens, and what they do not."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from icalendar import Calendar
from starlette.testclient import TestClient

from desk.access import tokens
from desk.duties.forms import FORMS
from ledger.proof import chain

ON = dt.date(2014, 1, 24)


@pytest.fixture
def bearer(app, desk_ledger):
    def _bearer(user):
        with desk_ledger.transaction() as tx:
            token = tokens.issue(tx, user, "api", on=ON)
        client = TestClient(app, base_url="http://127.0.0.1:8180", raise_server_exceptions=False)
        client.headers["Authorization"] = f"Bearer {token}"
        return client

    return _bearer


def first_open(client):
    listed = client.get("/api/duties?limit=500").json()["duties"]
    return next(d["key"] for d in listed if d["status"] == "on-course")


@pytest.mark.both
def test_a_feed_holds_the_open_duties_of_its_holder(signed_in):
    b = signed_in("li")
    shown = b.post_form("/feeds", shown_on="/feeds").text
    address = re.search(r"/feed/[\w-]+\.ics", shown)[0]
    answer = b.get(address)
    assert answer.headers["content-type"].startswith("text/calendar")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert len(events) > 0
    assert str(len(events)) in shown
    assert len({e["uid"] for e in events}) == len(events)


def test_a_new_address_ends_the_former(signed_in):
    b = signed_in("li")
    former = re.search(r"/feed/[\w-]+\.ics", b.post_form("/feeds", shown_on="/feeds").text)[0]
    b.post_form("/feeds", shown_on="/feeds")
    assert b.get(former).status_code == 404


def test_a_token_of_a_system_opens_no_feed(browser, desk_ledger):
    with desk_ledger.transaction() as tx:
        token = tokens.issue(tx, "li", "api", on=ON)
    assert browser.get(f"/feed/{token}.ics").status_code == 404


def test_without_a_token_the_api_answers_with_a_problem(browser):
    answer = browser.get("/api/duties")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_agency_gets_its_own_duties_and_no_others(bearer):
    chen, zhou = bearer("chen"), bearer("zhou")
    theirs = zhou.get("/api/duties?limit=500").json()
    every = chen.get("/api/duties?limit=500").json()
    assert theirs["count"] == len(theirs["duties"]) < every["count"]
    others = {d["key"] for d in every["duties"]} - {d["key"] for d in theirs["duties"]}
    assert zhou.get(f"/api/duties/{min(others)}").status_code == 404
    assert zhou.get(f"/api/duties/{min(others)}/history").status_code == 404
    refused = zhou.post(f"/api/duties/{min(others)}/do/comment", json={"text": "x"})
    assert refused.status_code == 404


def test_what_is_finished_can_be_left_out(bearer):
    chen = bearer("chen")
    every = chen.get("/api/duties?limit=500&offset=0").json()
    rest = chen.get("/api/duties?limit=500&unfinished=true").json()
    assert rest["count"] < every["count"]
    ended = ("closed-on-time", "closed-late", "closed-not-done", "waived")
    assert [d["key"] for d in rest["duties"] if d["status"] in ended] == []


@pytest.mark.both
def test_an_agency_gets_the_notices_of_its_duties_and_no_others(bearer):
    chen, li = bearer("chen"), bearer("li")
    mine = li.get("/api/notices?limit=500").json()
    keys = {d["key"] for d in li.get("/api/duties?limit=500").json()["duties"]}
    assert mine["count"] < chen.get("/api/notices").json()["count"]
    assert {notice["key"] for notice in mine["notices"]} <= keys
    key = mine["notices"][0]["key"]
    of_one = li.get(f"/api/duties/{key}/notices").json()
    assert of_one == [n for n in mine["notices"] if n["key"] == key]
    assert bearer("zhou").get(f"/api/duties/{key}/notices").status_code == 404


@pytest.mark.both
def test_a_key_makes_a_repeated_deed_one(bearer, desk_ledger):
    li = bearer("li")
    path = f"/api/duties/{first_open(li)}/do/comment"
    sent = [li.post(path, json={"text": "甲"}, headers={"Idempotency-Key": "k"}) for _ in "ab"]
    assert [s.status_code for s in sent] == [200, 200]
    assert sent[0].json() == sent[1].json()
    with desk_ledger.read() as conn:
        assert sum(e.deed == "commented" and e.actor == "li" for e in chain.entries(conn)) == 1


def test_a_key_of_another_request_is_a_conflict(bearer):
    li = bearer("li")
    path, key = f"/api/duties/{first_open(li)}/do/comment", {"Idempotency-Key": "k"}
    li.post(path, json={"text": "甲"}, headers=key)
    assert li.post(path, json={"text": "乙"}, headers=key).status_code == 409


def test_what_a_rule_refuses_is_told_and_its_key_is_free_again(bearer):
    li = bearer("li")
    path, key = f"/api/duties/{first_open(li)}/do/comment", {"Idempotency-Key": "k"}
    refused = li.post(path, json={}, headers=key)
    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/problem+json"
    assert li.post(path, json={"text": "甲"}, headers=key).status_code == 200


@pytest.mark.parametrize("body", [b"[", b"[]", b'{"text": {}}', b"\xff"])
def test_a_body_that_is_no_object_is_refused(bearer, body):
    li = bearer("li")
    path = f"/api/duties/{first_open(li)}/do/comment"
    assert li.post(path, content=body).status_code == 422


def test_the_interface_describes_itself(bearer):
    described = bearer("li").get("/api/openapi.json").json()
    assert "/api/duties" in described["paths"]
    assert len(described["paths"]) == 24


def test_the_body_of_each_deed_is_described_as_it_is_declared(bearer):
    paths = bearer("li").get("/api/openapi.json").json()["paths"]
    do = next(path for path in paths if path.endswith("/do/{deed}"))
    content = paths[do]["post"]["requestBody"]["content"]
    bodies = {each["title"]: each for each in content["application/json"]["schema"]["anyOf"]}
    assert bodies.keys() == FORMS.keys()
    assert bodies["ask-extension"]["required"] == ["to", "reason"]
    assert bodies["ask-extension"]["properties"]["to"]["format"] == "date"
    with_files = {
        each["title"]
        for each in content["multipart/form-data"]["schema"]["anyOf"]
        if "file-minutes" in each["properties"]
    }
    assert with_files == {"deliver-item", "file", "settle-done"}
