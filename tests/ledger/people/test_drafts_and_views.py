"""What a person keeps for itself is its own, outside the history, and can be had back at once."""

from __future__ import annotations

import datetime as dt

import pytest

from catalog.errors import ConflictError, NotFoundError
from ledger.people import drafts_and_views
from ledger.people.drafts_and_views import MOST, View
from ledger.proof.ledger_verification import differences
from tests.world import ISSUED, PostOffice, World, small_plan

AT = dt.datetime(2013, 8, 6, 2, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
CHEN, LI = "office/officer", "trade/officer"
KEY = "small-2013/1.report/-/once"


@pytest.fixture
def held(ledger, tmp_path):
    """A small plan in force, its people known, its one duty open."""
    world = World(ledger, PostOffice())
    world.publish(small_plan(tmp_path, {}))
    world.sweep(ISSUED)
    return ledger


def save(ledger, name, *, user=CHEN, own_id=None):
    with ledger.transaction() as tx:
        view = View(own_id or f"{user}-{name}", name, "view=overdue")
        drafts_and_views.save_view(tx, view, user=user)


def type_(ledger, text, *, user=LI, deed="progress", at=AT):
    with ledger.transaction() as tx:
        drafts_and_views.save_draft(tx, user, duty=KEY, deed=deed, fields={"text": text}, at=at)


def names(ledger, user=CHEN):
    with ledger.read() as conn:
        return [view.name for view in drafts_and_views.views(conn, user)]


def texts(ledger, user=LI):
    with ledger.read() as conn:
        return [draft.fields["text"] for draft in drafts_and_views.drafts(conn, user)]


def test_a_view_is_its_users_alone(held):
    save(held, "逾期")
    save(held, "逾期", user=LI)
    save(held, "待審")
    assert (names(held), names(held, LI)) == (["待審", "逾期"], ["逾期"])


def test_a_view_gets_another_name(held):
    save(held, "逾期")
    save(held, "紅燈", own_id=f"{CHEN}-逾期")
    assert names(held) == ["紅燈"]


def test_two_views_do_not_bear_one_name(held):
    save(held, "逾期")
    with pytest.raises(ConflictError, match="another name"):
        save(held, "逾期", own_id="other")


def test_nobody_has_more_views_than_a_page_can_show(held):
    for number in range(MOST):
        save(held, f"{number:02}")
    with pytest.raises(ConflictError, match="delete one first"):
        save(held, "one more")
    save(held, "another name", own_id=f"{CHEN}-00")
    assert len(names(held)) == MOST


def test_what_was_taken_away_is_had_back_within_ten_seconds(held):
    save(held, "逾期")
    with held.transaction() as tx:
        drafts_and_views.end(tx, "views", f"{CHEN}-逾期", user=CHEN, at=AT)
    assert names(held) == []
    with held.transaction() as tx:
        drafts_and_views.take_back(tx, "views", f"{CHEN}-逾期", user=CHEN, at=AT + 10 * SECOND)
    assert names(held) == ["逾期"]


def test_after_that_it_is_gone(held):
    type_(held, "已完成一半")
    with held.read() as conn:
        [draft] = drafts_and_views.drafts(conn, LI)
    with held.transaction() as tx:
        drafts_and_views.end(tx, "drafts", draft.id, user=LI, at=AT)
    with pytest.raises(ConflictError, match="10 seconds"), held.transaction() as tx:
        drafts_and_views.take_back(tx, "drafts", draft.id, user=LI, at=AT + 20 * SECOND)
    assert texts(held) == []


def test_what_was_taken_away_long_ago_is_removed(held):
    for day, name in enumerate(("一", "二")):
        save(held, name)
        with held.transaction() as tx:
            at = AT + dt.timedelta(days=2 * day)
            drafts_and_views.end(tx, "views", f"{CHEN}-{name}", user=CHEN, at=at)
    with held.read() as conn:
        assert conn.exec_driver_sql("SELECT name FROM views").scalars().all() == ["二"]


@pytest.mark.parametrize("user", [LI, "nobody"])
def test_another_takes_nothing_away_and_nothing_back(held, user):
    save(held, "逾期")
    with pytest.raises(NotFoundError), held.transaction() as tx:
        drafts_and_views.end(tx, "views", f"{CHEN}-逾期", user=user, at=AT)
    with held.transaction() as tx:
        drafts_and_views.end(tx, "views", f"{CHEN}-逾期", user=CHEN, at=AT)
    with pytest.raises(ConflictError), held.transaction() as tx:
        drafts_and_views.take_back(tx, "views", f"{CHEN}-逾期", user=user, at=AT)


def test_of_one_deed_and_duty_the_last_draft_is_kept(held):
    type_(held, "一")
    type_(held, "二", at=AT + SECOND)
    type_(held, "三", deed="comment", at=AT + 2 * SECOND)
    assert texts(held) == ["三", "二"]


def test_the_draft_of_a_deed_that_was_done_is_forgotten(held):
    type_(held, "一")
    type_(held, "二", deed="comment")
    with held.transaction() as tx:
        drafts_and_views.drop_draft(tx, LI, duty=KEY, deed="progress")
    assert texts(held) == ["二"]


def test_nothing_of_it_stands_in_the_history(held):
    save(held, "逾期")
    type_(held, "尚未說出的話")
    with held.read() as conn:
        assert list(differences(conn)) == []
        told = conn.exec_driver_sql("SELECT payload FROM entries").scalars()
        assert not [payload for payload in told if "尚未說出的話" in payload]
