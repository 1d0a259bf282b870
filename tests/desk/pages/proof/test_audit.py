"""The reviewer's pages: the verdict, the record, samples anybody can draw again, and findings."""

from __future__ import annotations

import json
import re
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.proof import chain, samples
from tasks.proof import sampling
from tasks.proof.sampling import MOST
from tests.databases import tamper

PLAN = "guangdong-2013"
COUNT = re.compile(r'<h2 id="record">[^<]*</h2><span class="to mut">(\d+)條')


def entries(ledger, **wanted):
    with ledger.read() as conn:
        found = list(chain.entries(conn))
    return [e for e in found if all(getattr(e, name) == v for name, v in wanted.items())]


def draw(browser, **fields):
    sent = {"of": "evidence", "size": "3", "seed": "2014", **fields}
    return browser.post_form("/audit/samples", shown_on="/audit", **sent)


def last_sample(ledger):
    with ledger.read() as conn:
        return samples.samples(conn, PLAN)[0]


@pytest.mark.both
def test_the_reviewer_verifies_the_record_and_the_next_sees_it(signed_in, desk_ledger):
    reviewer = signed_in("he")
    before = len(entries(desk_ledger))
    shown = reviewer.post_form("/audit/verify", shown_on="/audit")
    assert shown.status_code == 200
    assert "記錄完整" in shown.text
    assert entries(desk_ledger, deed="verified")[-1].payload["entries"] == before
    told = f"何平於2014年1月24日驗證了當時的全部{before}條記錄"
    assert told in signed_in("chen").get("/audit").text


def test_a_changed_entry_is_named(signed_in, desk_ledger):
    with desk_ledger.engine.begin() as conn:
        tamper(conn, "UPDATE entries SET actor = 'nobody' WHERE seq = 7")
    shown = signed_in("he").post_form("/audit/verify", shown_on="/audit").text
    assert "記錄有誤：1處" in shown
    assert "第7條" in shown
    assert "發現1處問題" in signed_in("he").get("/audit").text


@pytest.mark.parametrize("user", ["li", "lin"])
def test_the_record_is_for_reviewers_and_the_office(signed_in, user):
    browser = signed_in(user)
    for path in ("/audit", "/audit/samples/1", "/audit/history.json"):
        assert browser.get(path).status_code == 403


@pytest.mark.both
@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ({"deed": "opened"}, lambda e: e.deed == "opened"),
        ({"who": "chen"}, lambda e: e.actor == "chen"),
        ({"q": "35.advisory"}, lambda e: "35.advisory" in e.subject),
        ({"q": "%"}, lambda e: "%" in e.subject),
        ({"since": "2014-01-01"}, lambda e: e.at >= "2013-12-31T16:00:00Z"),
        ({"until": "2013-12-31"}, lambda e: e.at < "2013-12-31T16:00:00Z"),
    ],
)
def test_the_record_shows_what_is_asked_for_and_counts_it(signed_in, desk_ledger, asked, kept):
    browser = signed_in("he")
    shown = browser.get("/audit", params=asked).text
    expected = [e for e in entries(desk_ledger) if kept(e)]
    assert int(COUNT.search(shown)[1]) == len(expected)
    assert shown.count('<td class="num n mut">') == min(len(expected), 50)


@pytest.mark.both
def test_the_record_is_leafed_through_without_a_gap(signed_in, desk_ledger):
    browser, path, found = signed_in("he"), "/audit?deed=escalated", []
    while path:
        shown = browser.get(path).text
        found += map(int, re.findall(r'<td class="num n mut">(\d+)</td>', shown))
        older = re.search(r'<a href="([^"]+)" rel="next">', shown)
        path = older[1].replace("&amp;", "&") if older else ""
    assert found == [e.seq for e in entries(desk_ledger, deed="escalated")][::-1]


def test_a_day_that_is_none_is_told_at_its_field(signed_in):
    assert "日期有誤" in signed_in("he").get("/audit?since=2014-02-30").text


def test_the_export_is_the_record(signed_in, desk_ledger):
    given_out = json.loads(signed_in("he").get("/audit/history.json").text)
    assert given_out == [e._asdict() for e in entries(desk_ledger)]


def test_whoever_has_the_seed_draws_the_same(signed_in, desk_ledger):
    shown = draw(signed_in("he"))
    assert shown.status_code == 200
    sample = last_sample(desk_ledger)
    with desk_ledger.read() as conn:
        ids = [item for item, _ in samples.population(conn, PLAN, "evidence")]
    again = sorted(ids, key=lambda each: sha256(f"2014/{each}".encode()).hexdigest())[:3]
    assert [item for item, _ in sample.picked] == again
    assert sample.population == len(ids)
    assert sample.digest == sha256("\n".join(ids).encode()).hexdigest()
    assert all(proof in shown.text for proof in again) or shown.text.count("SHA-256 ") >= 3


def test_without_a_seed_one_is_taken_and_recorded(signed_in, desk_ledger):
    draw(signed_in("he"), seed="", of="closed")
    assert len(last_sample(desk_ledger).seed) == 16


@pytest.mark.parametrize("size", ["0", "-1", "x", "", str(MOST + 1), "9" * 40])
def test_a_size_that_is_none_is_refused_at_its_field(signed_in, desk_ledger, size):
    refused = draw(signed_in("he"), size=size)
    assert refused.status_code == 422
    assert 'id="size-wrong"' in refused.text
    assert entries(desk_ledger, deed="sampled") == []


@pytest.mark.both
def test_a_finding_stands_in_the_record_of_its_duty_and_the_last_one_holds(signed_in, desk_ledger):
    reviewer = signed_in("he")
    draw(reviewer)
    sample = last_sample(desk_ledger)
    item, duty = sample.picked[0]
    path = f"/audit/samples/{sample.seq}"
    for finding, text in (("true", ""), ("doubtful", "無日期")):
        sent = {"item": item, "finding": finding, "text": text}
        shown = reviewer.post_form(f"{path}/findings", shown_on=path, **sent)
    assert "存疑" in shown.text
    assert "無日期" in shown.text
    told = entries(desk_ledger, deed="found", subject=duty)
    assert [e.payload["finding"] for e in told] == ["true", "doubtful"]
    assert "1 / 3" in reviewer.get("/audit").text


@pytest.mark.parametrize(
    "said", [{"finding": "false"}, {"finding": ""}, {"finding": "doubtful", "text": "  "}]
)
def test_a_finding_without_its_grounds_is_refused_and_what_was_typed_stays(
    signed_in, desk_ledger, said
):
    reviewer = signed_in("he")
    draw(reviewer)
    sample = last_sample(desk_ledger)
    path = f"/audit/samples/{sample.seq}"
    sent = {"item": sample.picked[0][0], **said}
    refused = reviewer.post_form(f"{path}/findings", shown_on=path, **sent)
    assert refused.status_code == 422
    assert 'role="alert"' in refused.text
    assert entries(desk_ledger, deed="found") == []


def test_what_was_not_drawn_has_no_finding(signed_in, desk_ledger):
    reviewer = signed_in("he")
    draw(reviewer)
    path = f"/audit/samples/{last_sample(desk_ledger).seq}"
    sent = {"item": "another", "finding": "true"}
    refused = reviewer.post_form(f"{path}/findings", shown_on=path, **sent)
    assert refused.status_code == 422
    assert entries(desk_ledger, deed="found") == []


def test_the_office_draws_no_samples(signed_in):
    assert draw(signed_in("chen")).status_code == 403


def test_a_sample_that_is_not_there_is_not_found(signed_in):
    assert signed_in("he").get("/audit/samples/1").status_code == 404


@given(st.sets(st.text(max_size=8)), st.integers(1, 20), st.text(max_size=8))
def test_the_same_seed_draws_the_same(ids, size, seed):
    found = sampling.draw(ids, seed=seed, size=size)
    assert found == sampling.draw(sorted(ids, reverse=True), seed=seed, size=size)
    assert len(found) == min(size, len(ids))
    assert set(found) <= ids
