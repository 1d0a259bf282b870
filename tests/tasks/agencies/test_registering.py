"""Agencies are registered under ids, names and aliases that no other has."""

from __future__ import annotations

import datetime as dt

import pytest

from catalog.errors import ConflictError, InvalidError, NotFoundError
from ledger.post import contacts
from ledger.proof.ledger_verification import differences
from tasks.agencies.names import registered
from tasks.agencies.registering import Newcomer, add_aliases, id_of, register
from tasks.plans.publish import publish
from tests.world import dump, small_plan

AT = dt.datetime(2013, 8, 5, 0, 30, tzinfo=dt.UTC)
BY = {"at": AT, "actor": "office/administrator"}


def agencies(ledger):
    with ledger.read() as conn:
        return contacts.agencies(conn)


@pytest.mark.parametrize(
    ("name", "taken", "agency"),
    [
        ("市教育局", (), "a-1"),
        ("市教育局", ("a-1", "a-2"), "a-3"),
        ("Harbor Office", (), "harbor-office"),
        ("Ｈａｒｂｏｒ", (), "harbor"),
        ("Harbor Office", ("harbor-office",), "harbor-office-2"),
        ("12345热线", (), "a-1"),
        ("Bureau " * 20, (), "bureau-bureau-bureau-bureau-bureau-bureau-bureau-b"),
    ],
)
def test_an_id_is_made_from_the_name(name, taken, agency):
    assert id_of(name, taken) == agency


def test_newcomers_stand_in_the_register_with_their_aliases_and_history(ledger):
    people = [Newcomer("市教育局", aliases=("教育局", "市教育局")), Newcomer("港口 局", "port")]

    assert register(ledger, people, **BY) == ["a-1", "port"]

    first, second = agencies(ledger).values()
    assert (first.name, first.aliases, first.kind) == ("市教育局", ("教育局",), "department")
    assert second.name == "港口 局"
    with ledger.read() as conn:
        assert registered(conn).find("教育局") == ("a-1",)
    with ledger.read() as conn:
        assert list(differences(conn)) == []


@pytest.mark.parametrize(
    ("newcomer", "error", "key"),
    [
        (Newcomer("廣州市人民政府"), ConflictError, "agency-name-taken"),
        (Newcomer("广州市人民政府"), ConflictError, "agency-name-taken"),
        (Newcomer("穗府", aliases=("省博物館",)), ConflictError, "agency-name-taken"),
        (Newcomer("市教育局", "city"), ConflictError, "agency-id-taken"),
        (Newcomer("市教育局", "A b"), InvalidError, "agency-id"),
        (Newcomer("市教育局", kind="club"), InvalidError, "agency-kind"),
        (Newcomer("、"), InvalidError, "agency-name"),
        (Newcomer("局" * 101), InvalidError, "text-too-long"),
        (Newcomer("市教育局", host="nobody"), NotFoundError, "agency-unknown"),
    ],
)
def test_one_that_cannot_be_registered_stops_all(ledger, tmp_path, newcomer, error, key):
    publish(ledger, small_plan(tmp_path, {}), at=AT, actor="office/officer")
    before = dump(ledger)

    with pytest.raises(error) as refused:
        register(ledger, [Newcomer("市財政局"), newcomer], **BY)

    assert refused.value.key == key
    assert dump(ledger) == before


def test_a_further_name_is_recorded_once_and_belongs_to_one(ledger):
    register(ledger, [Newcomer("市教育局"), Newcomer("市財政局")], **BY)

    assert add_aliases(ledger, "a-1", ["教育局", "教育局 ", "市教育局"], **BY) == 1
    assert add_aliases(ledger, "a-1", ["教育局"], **BY) == 0
    assert agencies(ledger)["a-1"].aliases == ("教育局",)
    with pytest.raises(ConflictError):
        add_aliases(ledger, "a-2", ["教育局"], **BY)
    with pytest.raises(NotFoundError):
        add_aliases(ledger, "a-9", ["教委"], **BY)
