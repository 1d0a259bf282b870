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


@pytest.mark.parametrize(
    ("on", "boxes"),
    [
        (dt.date(2013, 8, 5), ("officer@x.example",)),
        (dt.date(2013, 8, 6), ("officer@x.example", "wu@x.example")),
        (dt.date(2013, 8, 9), ("officer@x.example", "wu@x.example")),
        (dt.date(2013, 8, 10), ("officer@x.example",)),
    ],
)
def test_a_substitute_receives_the_letters_while_the_substitution_lasts(on, boxes, ledger: Ledger):
    _substitution(ledger, until=dt.date(2013, 8, 9))

    with ledger.read() as conn:
        assert contacts.mailboxes(conn, on) == {("trade", "officer"): {"mail": boxes}}


def test_who_has_ended_stands_in_for_nobody(ledger: Ledger):
    _substitution(ledger, until=dt.date(2013, 8, 30), last_day=dt.date(2013, 8, 6))

    with ledger.read() as conn:
        on = [contacts.mailboxes(conn, dt.date(2013, 8, day)) for day in (6, 7)]
    assert [len(boxes["trade", "officer"]["mail"]) for boxes in on] == [2, 1]


def _substitution(ledger: Ledger, *, until: dt.date, last_day: dt.date | None = None) -> None:
    """Have Wu stand in for Li, and Zhao, who has no mail address."""
    _agencies(ledger)
    _insert(ledger, "contacts", ("trade", "officer", "mail"), address="officer@x.example")
    user = {"name": "經辦", "agency": "trade", "role": "officer", "since": ON, "until": None}
    _insert(ledger, "users", "li", **user)
    _insert(ledger, "users", "wu", **user | {"mail": "wu@x.example", "until": last_day})
    _insert(ledger, "users", "zhao", **user)
    since = dt.date(2013, 8, 6)
    for number, taker in enumerate(("wu", "zhao", "wu"), 1):
        lent = {"user": "li", "substitute": taker, "since": since, "until": until}
        _insert(ledger, "delegations", f"li#substitute-{number}", **lent)


def _agencies(ledger: Ledger) -> None:
    for agency in ("office", "trade"):
        _insert(ledger, "agencies", agency, name=agency, kind="department")


def _insert(ledger: Ledger, table: str, key: str | tuple[str, ...], **values: object) -> None:
    with ledger.transaction() as tx:
        change = Change(table, key, values, "insert")
        tx.record("reached", str(key), changes=[change], at=AT, actor="office/officer")
