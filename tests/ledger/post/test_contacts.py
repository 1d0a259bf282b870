"""Contacts as they stand in the ledger: mailboxes, persons, and where answers go."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ledger.post import contacts
from ledger.post.contacts import Person
from ledger.store.changes import Change

if TYPE_CHECKING:
    from ledger.session import Ledger

ON = dt.date(2013, 8, 5)
AT = dt.datetime(2013, 8, 5, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("addresses", "each"),
    [
        ("a@x.example", ("a@x.example",)),
        ("a@x.example, b@x.example", ("a@x.example", "b@x.example")),
        ("a@x.example,b@x.example,, a@x.example", ("a@x.example", "b@x.example")),
        ("", ()),
    ],
)
def test_one_contact_may_hold_several_addresses(addresses, each):
    assert contacts.several(addresses) == each


def test_a_position_has_the_mailboxes_of_its_contacts(ledger: Ledger):
    _agencies(ledger)
    _insert(ledger, "contacts", ("trade", "head", "mail"), address="a@x.example, b@x.example")
    _insert(ledger, "contacts", ("trade", "leader", "mail"), address="")

    with ledger.read() as conn:
        assert contacts.mailboxes(conn, ON) == {
            ("trade", "head"): {"mail": ("a@x.example", "b@x.example")}
        }


def test_a_position_has_a_person_once_one_is_named(ledger: Ledger):
    _agencies(ledger)
    _insert(ledger, "positions", ("trade", "officer"), person="李敏", telephone="000-0000")
    _insert(ledger, "positions", ("trade", "head"), person="", telephone="")

    with ledger.read() as conn:
        assert contacts.persons(conn) == {("trade", "officer"): Person("李敏", "000-0000")}


def test_answers_go_to_the_officer_of_the_office_or_as_the_settings_say(ledger: Ledger):
    _agencies(ledger)
    _insert(ledger, "contacts", ("office", "officer", "mail"), address="a@x.example, b@x.example")
    other = replace(ledger.settings, reply_to="answers@office.example")

    with ledger.read() as conn:
        assert contacts.reply_to(conn, ledger.settings, "office") == "a@x.example"
        assert contacts.reply_to(conn, other, "office") == "answers@office.example"
        assert contacts.reply_to(conn, ledger.settings, "trade") == ""


def _agencies(ledger: Ledger) -> None:
    for agency in ("office", "trade"):
        _insert(ledger, "agencies", agency, name=agency, kind="department")


def _insert(ledger: Ledger, table: str, key: str | tuple[str, ...], **values: str) -> None:
    with ledger.transaction() as tx:
        change = Change(table, key, values, "insert")
        tx.record("reached", str(key), changes=[change], at=AT, actor="office/officer")
