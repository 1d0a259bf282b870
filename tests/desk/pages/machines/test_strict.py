"""Parameters, keys, fields and files that nobody reads are refused by name, never ignored."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.access import tokens
from ledger.duties import duties
from tests.desk.pages.crawl import Case, filled, routes
from tests.desk.visitors import Browser

ON = dt.date(2014, 1, 24)
PDF = ("紀要.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")


@pytest.fixture
def key(desk_ledger):
    with desk_ledger.read() as conn:
        rows = duties.listed(conn)
    return next(d.key for d in rows if d.performer == "dongguan" and d.opened_on and not d.filed_on)


@pytest.fixture
def system(app, desk_ledger):
    def _system(user):
        with desk_ledger.transaction() as tx:
            token = tokens.issue(tx, user, "api", on=ON)
        return Browser(app, headers={"Authorization": f"Bearer {token}"})

    return _system


def test_every_list_and_document_of_the_api_names_a_parameter_that_it_does_not_read(
    app, system, key, desk_ledger
):
    chen = system("chen")
    known = [r for r in routes(app) if r.name.startswith("GET /api/") and "openapi" not in r.path]
    answers = {
        r.path: chen.get(filled(desk_ledger, r, Case(key), agency="wjmt") + "?unhelpful=1")
        for r in known
    }

    assert len(answers) > 18
    assert {answer.status_code for answer in answers.values()} == {422}
    assert all("unhelpful" in answer.json()["detail"] for answer in answers.values())


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("limit=1&limit=2", "limit"),
        ("view=open&view=overdue", "view"),
        ("Limit=1", "Limit"),
        ("limit[]=1", "limit[]"),
        ("unfinished=1&unfinished=0", "unfinished"),
        ("limit=none", "limit"),
    ],
)
def test_a_parameter_twice_or_in_another_spelling_is_named(system, query, name):
    answer = system("chen").get(f"/api/duties?{query}")
    assert answer.status_code == 422
    assert name in answer.json()["detail"]


def test_what_may_be_given_several_times_may(system, key):
    answer = system("chen").get(f"/api/duties?key={key}&key={key}")
    assert answer.json()["count"] == 1


@pytest.mark.parametrize("path", ["/api/samples", "/api/samples?plan=guangdong-2013"])
def test_the_plan_of_samples_is_described_and_read(system, path):
    assert system("chen").get(path).status_code == 200


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('{"text": "a", "text": "b"}', "text"),
        ('{"text": "a", "note": "b"}', "note"),
        ('{"text": "a", "file-minutes": "b"}', "file-minutes"),
        ('{"text": "a", "token": "b"}', "token"),
    ],
)
def test_a_key_of_a_deed_that_is_unknown_or_there_twice_is_named(system, key, body, name):
    answer = system("li").post(f"/api/duties/{key}/do/comment", content=body)
    assert answer.status_code == 422
    assert name in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('{"size": 5, "seed": "s", "colour": 1}', "colour"),
        ('{"size": 5, "size": 500}', "size"),
        ('{"size": "many"}', "size"),
    ],
)
def test_a_key_of_another_body_that_is_unknown_or_there_twice_is_named(system, body, name):
    answer = system("he").post(
        "/api/samples", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert name in answer.json()["detail"]


@pytest.mark.parametrize(
    ("deed", "fields", "files", "name"),
    [
        ("comment", {"text": "a"}, {"file-minutes": PDF}, "紀要.pdf"),
        ("comment", {"text": "a"}, {"picture": PDF}, "紀要.pdf"),
        ("comment", {"text": ["a", "b"]}, {}, "text"),
        ("file", {"summary": "a"}, {"file-minuets": PDF}, "file-minuets"),
        ("file", {"summary": "a", "file-minutes": "typed"}, {}, "file-minutes"),
        ("file", {}, {"summary": PDF}, "summary"),
    ],
)
@pytest.mark.parametrize("api", [True, False])
def test_a_field_or_file_that_a_deed_does_not_take_is_named(
    system, signed_in, key, *, deed, fields, files, name, api
):
    path = f"/duty/{key}/do/{deed}"
    if api:
        answer = system("li").post(f"/api/duties/{key}/do/{deed}", data=fields, files=files)
    else:
        browser = signed_in("li")
        token = browser.get("/account").text.partition('name="token" value="')[2][:64]
        answer = browser.post(path, data=fields | {"token": token}, files=files)

    assert answer.status_code == 422
    assert name in answer.text


def test_a_file_sent_to_any_other_form_is_named(app, signed_in, desk_ledger, key):
    browser = signed_in("chen")
    token = browser.get("/account").text.partition('name="token" value="')[2][:64]
    forms = [
        r
        for r in routes(app)
        if r.method == "POST" and not r.path.startswith("/api/") and "{deed}" not in r.path
    ]
    answers = {
        r.path: browser.post(
            filled(desk_ledger, r, Case(key)), data={"token": token}, files={"stray": PDF}
        )
        for r in forms
    }

    assert len(answers) > 30
    assert {a.status_code for a in answers.values()} == {422}
    assert [path for path, a in answers.items() if "紀要.pdf" not in a.text] == []
