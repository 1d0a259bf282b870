"""The go of an office: all that was chosen at once, also where the process is killed in it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from catalog.errors import ConflictError, NotFoundError
from ledger.people import users
from ledger.plans import editions
from ledger.post import contacts
from ledger.proof.ledger_verification import differences
from tasks.act import Act
from tasks.setup import going
from tasks.setup.choices import choices, choose
from tasks.setup.founding import Founder, OfficerContact, found, name_office
from tests.databases import rows
from tests.faults.surviving import dies

if TYPE_CHECKING:
    from ledger.session import Ledger

AT = dt.datetime(2026, 11, 30, 17, 0, tzinfo=dt.UTC)  # the next day in Shanghai
ACT = Act("admin", AT.date(), AT)
LINES = [
    {"row": 2, "name": "教育部", "person": "王芳", "mail": "wang@edu.example"},
    {"row": 3, "name": "市博物馆", "person": "孙明", "mail": "sun@museum.example"},
]
PEOPLE = [{"id": "wang", "name": "王芳", "agency": "教育部", "mail": "wang@edu.example"}]


@pytest.fixture
def ready(ledger: Ledger) -> Ledger:
    """A ledger whose office has made every choice."""
    name_office(ledger, "市政府督查室", at=AT, actor="setup")
    admin, officer = Founder("admin", "李敏"), Founder("li", "李敏")
    password = "a long enough password"
    found(ledger, admin, officer, ACT, contact=OfficerContact(), password=password, same=True)
    by = {"at": AT, "actor": "admin"}
    choose(ledger, "agencies", {"lines": LINES}, **by)
    choose(ledger, "plan", {"of": "catalogue", "plan": "kindergartens-2019"}, **by)
    choose(ledger, "people", {"people": PEOPLE}, **by)
    choose(ledger, "start", {"on": "2019-06-03"}, **by)
    return ledger


@pytest.mark.both
def test_everything_is_so_at_once(ready):
    assert going.go(ready, ACT, knowingly=True) == "kindergartens-2019"
    with ready.read() as conn:
        (edition,) = editions.all_in_force(conn)
        agencies = {a.name: a.id for a in contacts.agencies(conn).values()}
        assert edition.start_on == dt.date(2019, 6, 3)
        assert contacts.ways(conn, agencies["教育部"], "officer") == {"mail": "wang@edu.example"}
        assert "市博物馆" in agencies
        assert users.user(conn, "wang").agency == agencies["教育部"]
        assert list(differences(conn)) == []
    with pytest.raises(ConflictError):
        going.go(ready, ACT, knowingly=True)


def test_a_position_without_an_address_is_told_by_the_name_of_its_agency(ready):
    with pytest.raises(ConflictError) as refusal:
        going.go(ready, ACT, knowingly=False)
    with ready.read() as conn:
        assert refusal.value.values["first"] not in contacts.agencies(conn)
    assert str(refusal.value.values["first"]).isalpha()


def test_a_preview_stores_nothing(ready):
    with ready.read() as conn:
        before = rows(conn)
    shown = going.preview(ready, ACT)
    assert shown.letters
    assert shown.on >= dt.date(2026, 12, 1)
    assert {due.due_on < dt.date(2019, 6, 3) for due in shown.past} <= {True}
    with ready.read() as conn:
        assert rows(conn) == before


def test_a_killed_go_is_all_or_nothing_and_is_resumed(ready):
    with ready.read() as conn:
        before = rows(conn)
    assert dies(lambda: going.go(ready, ACT, knowingly=True), at="before-commit:1")
    with ready.read() as conn:
        assert rows(conn) == before
    assert dies(lambda: going.go(ready, ACT, knowingly=True), at="after-commit:1")
    with ready.read() as conn:
        assert [e.plan for e in editions.all_in_force(conn)] == ["kindergartens-2019"]
        assert {u.id for u in users.listed(conn)} == {"admin", "li", "wang"}


def test_what_no_longer_fits_stops_all_of_it(ready):
    by = {"at": AT, "actor": "admin"}
    wrong = [{**PEOPLE[0], "agency": "市天文台"}]
    choose(ready, "people", {"people": wrong}, **by)
    with pytest.raises(NotFoundError):
        going.go(ready, ACT, knowingly=True)
    with ready.read() as conn:
        assert editions.all_in_force(conn) == []
        assert set(contacts.agencies(conn)) == {"office"}


def test_an_undone_choice_is_none(ready):
    choose(ready, "start", None, at=AT, actor="admin")
    with ready.read() as conn:
        assert "start" not in choices(conn)


def test_nobody_founds_an_office_twice(ready):
    with pytest.raises(ConflictError):
        found(
            ready, Founder("eve", "Eve"), Founder("e", "Eve"), ACT,
            contact=OfficerContact(), password="a long enough password", same=True,
        )  # fmt: skip
