"""A plan is put in force once, whole, with its agencies."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from catalog.errors import ConflictError, NotFoundError
from catalog.plans.model import Plan
from ledger.plans import editions
from ledger.post import contacts
from ledger.proof import chain
from tasks.plans.publish import publish
from tests.world import CAST, dump, small_plan

AT = datetime(2013, 8, 5, 0, 30, tzinfo=UTC)
BY = "office/officer"


def test_the_edition_holds_the_plan_word_for_word(ledger, tmp_path):
    plan = small_plan(tmp_path, {})
    published = publish(ledger, plan, at=AT, actor=BY)
    with ledger.read() as conn:
        row = editions.in_force(conn, "small-2013")
    assert Plan.model_validate_json(row.document) == plan
    assert (row.edition, row.digest, row.published_at) == (1, published.digest, AT)
    assert (row.is_demo, row.swept_through) == (False, None)


def test_every_agency_is_registered(ledger, tmp_path):
    published = publish(ledger, small_plan(tmp_path, {}), at=AT, actor=BY)
    with ledger.read() as conn:
        agencies = contacts.agencies(conn)
    assert (published.new, published.agencies, agencies.keys()) == (True, 5, CAST.keys())
    assert (agencies["office"].kind, agencies["office"].host) == ("office", "trade")


def test_it_is_one_entry_of_the_history(ledger, tmp_path):
    publish(ledger, small_plan(tmp_path, {}), at=AT, actor=BY)
    with ledger.read() as conn:
        (entry,) = chain.entries(conn)
    assert (entry.deed, entry.subject, entry.actor) == ("published", "small-2013", BY)


def test_publishing_it_again_changes_nothing(ledger, tmp_path):
    plan = small_plan(tmp_path, {})
    publish(ledger, plan, at=AT, actor=BY)
    before = dump(ledger)
    assert not publish(ledger, plan, at=AT, actor=BY).new
    assert dump(ledger) == before


def test_an_agency_two_plans_name_is_registered_once(ledger, tmp_path):
    publish(ledger, small_plan(tmp_path, {}), at=AT, actor=BY)
    publish(ledger, small_plan(tmp_path, {}, code="second-2013"), at=AT, actor=BY)
    with ledger.read() as conn:
        assert contacts.agencies(conn).keys() == CAST.keys()
        assert [e.plan for e in editions.all_in_force(conn)] == ["second-2013", "small-2013"]


def test_another_text_under_the_same_code_is_refused_whole(ledger, tmp_path):
    publish(ledger, small_plan(tmp_path, {}), at=AT, actor=BY)
    before = dump(ledger)
    with pytest.raises(ConflictError) as refused:
        publish(ledger, small_plan(tmp_path, {"due_on": date(2014, 1, 31)}), at=AT, actor=BY)
    assert refused.value.key == "edition-in-force"
    assert dump(ledger) == before


def test_a_plan_that_was_never_published_is_not_in_force(ledger):
    with ledger.read() as conn, pytest.raises(NotFoundError) as refused:
        editions.in_force(conn, "small-2013")
    assert refused.value.key == "plan-not-in-force"
