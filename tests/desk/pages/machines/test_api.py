"""What the API gives of each noun, to whom, and what its deeds do."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from fastapi.routing import iter_route_contexts

from catalog.plans.document import plan_document
from catalog.plans.load import load_plan
from desk.access import tokens
from ledger.duties import duties, life
from ledger.post import notices
from ledger.proof import chain
from tests.desk.visitors import Browser

ON = dt.date(2014, 1, 24)
AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)
PLAN = "guangdong-2013"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def bearer(app, desk_ledger):
    def _bearer(user):
        token = tokens.issue_own(desk_ledger, user, on=ON, at=AT)
        return Browser(app, headers={"Authorization": f"Bearer {token}"})

    return _bearer


@pytest.fixture
def proof(desk_ledger):
    """Return a file of evidence of a duty that dongguan performs."""
    with desk_ledger.read() as conn:
        mine = [d.key for d in duties.listed(conn) if d.performer == "dongguan"]
        return next(proof for key in mine for proof in life.evidence(conn, key))


def running(ledger, performer="dongguan"):
    with ledger.read() as conn:
        held = duties.listed(conn)
    return next(
        d.key
        for d in held
        if d.performer == performer and d.opened_on and not d.filed_on and not d.closed_on
    )


@pytest.mark.both
def test_the_filters_of_the_ledger_filter_here_too(bearer):
    chen = bearer("chen")
    late = chen.get("/api/duties?view=overdue&limit=500").json()

    assert late["count"] == len(late["duties"]) > 0
    assert {duty["status"] for duty in late["duties"]} == {"overdue"}
    assert chen.get("/api/duties?status=lost").status_code == 422


@pytest.mark.both
def test_the_life_of_a_duty_is_told_whole(bearer, proof, desk_ledger):
    told = bearer("li").get(f"/api/duties/{proof.duty}/life").json()

    with desk_ledger.read() as conn:
        filed = life.submissions(conn, proof.duty)
    assert [one["sha256"] for one in told["evidence"]].count(proof.sha256) == 1
    assert [one["summary"] for one in told["submissions"]] == [one.summary for one in filed]


def test_a_file_of_evidence_comes_as_it_was_handed_in(bearer, proof):
    path = f"/api/duties/{proof.duty}/evidence/{proof.sha256}"
    got = bearer("li").get(path)

    assert hashlib.sha256(got.content).hexdigest() == proof.sha256
    assert got.headers["Content-Disposition"].startswith("attachment")
    assert bearer("zhou").get(path).status_code == 404


@pytest.mark.both
def test_a_system_files_with_evidence(bearer, desk_ledger):
    li, key = bearer("li"), running(desk_ledger)
    path = f"/api/duties/{key}/do/file"
    li.post(f"/api/duties/{key}/do/acknowledge")
    labels = ("minutes", "attendance", "document", "photo", "source")
    files = [(f"file-{label}", ("紀要.pdf", PDF, "application/pdf")) for label in labels]
    once = {"Idempotency-Key": "file-1"}
    sent = [li.post(path, data={"summary": "已完成"}, files=files, headers=once) for _ in "ab"]
    other = [(name, ("紀要.pdf", PDF + b"%", kind)) for name, (_, _, kind) in files]
    third = li.post(path, data={"summary": "已完成"}, files=other, headers=once)

    assert [answer.status_code for answer in sent] == [200, 200]
    assert sent[1].json()["status"] == "under-review"
    assert third.status_code == 409
    assert len(li.get(f"/api/duties/{key}/life").json()["submissions"]) == 1


@pytest.mark.both
def test_the_office_releases_a_draft_and_the_agency_sees_it_then(bearer, desk_ledger):
    chen = bearer("chen")
    with desk_ledger.read() as conn:
        drafts = notices.listed(conn, state="draft", form="slip")
        draft = next(n for n in drafts if duties.one(conn, n.duty).lead == "wjmt")
    agency, path = bearer("wu"), f"/api/slips/{draft.id}"
    before = agency.get(path).status_code
    assert agency.post(f"{path}/release").status_code == 403
    released = chen.post(f"{path}/release", headers={"Idempotency-Key": "r"}).json()
    again = chen.post(f"{path}/release", headers={"Idempotency-Key": "r"}).json()

    assert before == 404
    assert (released["number"] is not None, again) == (True, released)
    assert released["number"] in released["body"]
    assert agency.get(path).json() == released


def test_a_draft_is_withdrawn_with_a_reason_only(bearer, desk_ledger):
    chen = bearer("chen")
    with desk_ledger.read() as conn:
        draft = notices.listed(conn, state="draft", form="slip")[0]
    path = f"/api/slips/{draft.id}/withdraw"

    assert chen.post(path, json={}).status_code == 409
    assert chen.post(path, json={"reason": "已電話溝通"}).json()["state"] == "superseded"


def test_a_draft_stands_in_no_list_of_an_agency(bearer):
    chen, wu = bearer("chen"), bearer("wu")
    drafts = {slip["id"] for slip in chen.get("/api/slips").json() if slip["number"] is None}
    told = wu.get("/api/notices?limit=500").json()

    assert drafts
    assert drafts & {slip["id"] for slip in wu.get("/api/slips").json()} == set()
    assert drafts & {notice["id"] for notice in told["notices"]} == set()


@pytest.mark.both
def test_what_waits_for_the_office_is_listed_to_those_it_concerns(bearer, desk_ledger):
    li, chen, key = bearer("li"), bearer("chen"), running(desk_ledger)
    do = f"/api/duties/{key}/do"
    li.post(f"{do}/acknowledge")
    assert li.post(f"{do}/raise-problem", json={"text": "經費"}).status_code == 200
    asked = {"to": "2015-12-31", "reason": "徵求意見"}
    assert li.post(f"{do}/ask-extension", json=asked).status_code == 200

    for noun in ("extensions", "problems?unanswered=true"):
        assert key in {one["duty"] for one in chen.get(f"/api/{noun}").json()}
        assert key in {one["duty"] for one in li.get(f"/api/{noun}").json()}
        assert key not in {one["duty"] for one in bearer("zhou").get(f"/api/{noun}").json()}


@pytest.mark.both
def test_an_agency_sees_the_targets_it_leads_or_has_a_part_of_and_the_office_all(bearer):
    every, led = bearer("chen").get("/api/targets").json(), bearer("wu").get("/api/targets").json()

    assert 0 < len(led) < len(every)
    assert {target["lead"] for target in led} == {"省外經貿廳"}
    parts = [target["target"] for target in bearer("zhou").get("/api/targets").json()]
    assert parts == ["5.research-units", "6.brands"]


def test_the_plan_is_told_as_the_command_tells_it(bearer, duban_plan):
    he = bearer("he")

    assert [plan["plan"] for plan in he.get("/api/plans").json()] == [PLAN]
    assert he.get(f"/api/plans/{PLAN}").json() == duban_plan
    assert he.get("/api/plans/nothing").status_code == 404
    assert bearer("li").get("/api/plans").status_code == 403


@pytest.fixture
def duban_plan():
    return plan_document(load_plan(PLAN))


def test_only_the_administrator_says_where_an_agency_is_reached(bearer):
    lin, path = bearer("lin"), "/api/agencies/dongguan/contacts"
    said = {"position": "officer", "channel": "mail", "address": "new@dg.example"}

    assert lin.post(path, json=said).json()["officer"]["mail"] == "new@dg.example"
    assert lin.post(path, json=said | {"channel": "pigeon"}).status_code == 404
    assert lin.post(path, json=said | {"address": "a b"}).status_code == 422
    assert lin.post("/api/agencies/nobody/contacts", json=said).status_code == 404
    assert [bearer(who).get(path).status_code for who in ("chen", "li", "he")] == [403] * 3
    assert "dongguan" in {one["id"] for one in bearer("li").get("/api/agencies").json()}


@pytest.mark.both
def test_a_reviewer_verifies_draws_and_finds(bearer, desk_ledger):
    he = bearer("he")
    once = {"Idempotency-Key": "v"}
    said = [he.post("/api/verify", headers=once).json() for _ in "ab"]
    drawn = he.post("/api/samples", json={"of": "evidence", "size": 3, "seed": "2014"}).json()
    path, item = f"/api/samples/{drawn['seq']}", drawn["drawn"][0]["item"]
    bare = he.post(f"{path}/findings", json={"item": item, "finding": "doubtful"})
    found = {"item": item, "finding": "doubtful", "text": "無日期"}
    told = he.post(f"{path}/findings", json=found).json()

    assert (said[0]["ok"], said[0]) == (True, said[1])
    with desk_ledger.read() as conn:
        assert sum(entry.deed == "verified" for entry in chain.entries(conn)) == 1
    assert (drawn["seed"], len(drawn["drawn"])) == ("2014", 3)
    assert bare.status_code == 409
    assert told == he.get(path).json() == he.get("/api/samples").json()[0]
    assert told["drawn"][0]["finding"]["text"] == "無日期"
    assert bearer("chen").post("/api/samples", json={}).status_code == 403
    assert he.post("/api/samples", json={"size": 0}).status_code == 422


def test_the_whole_history_is_for_office_and_reviewers(bearer):
    he = bearer("he")
    first = he.get("/api/history?limit=1").json()

    assert first["entries"][0]["seq"] == first["count"]
    assert he.get("/api/history?deed=filed&limit=500").json()["count"] < first["count"]
    assert [bearer(who).get("/api/history").status_code for who in ("li", "lin")] == [403] * 2


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Content-Length": "104857600"}, 413),
        ({"Authorization": ""}, 401),
        ({"Authorization": "", "Origin": "https://evil.example"}, 403),
        ({"Content-Type": "application/json; charset=x"}, 401),
    ],
)
def test_every_refusal_is_a_problem(browser, headers, status):
    if "Authorization" not in headers:
        headers = {"Authorization": "Bearer nothing"} | headers
    answer = browser.post("/api/verify", content=b"", headers=headers)

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_every_route_of_the_api_is_described(app, browser):
    found = iter_route_contexts(app.routes)
    there = {(c.path, m.lower()) for c in found if c.methods for m in c.methods if m != "HEAD"}
    described = browser.get("/api/openapi.json").json()["paths"]

    assert {(path, method) for path, held in described.items() for method in held} == {
        route for route in there if route[0].startswith("/api/") and "openapi" not in route[0]
    }
    assert len(described) > 20
