"""A ledger with one plan, two agencies and two duties, as the ledger's own tests need it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from ledger.store.changes import Change

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.session import Ledger, Transaction

AT = datetime(2013, 8, 5, 0, 30, tzinfo=UTC)
MEETING = "guangdong-2013/40.meeting/-/2014"
ADVISORY = "guangdong-2013/35.advisory/guangzhou/once"


def duty(key: str, **values: Any) -> Change:
    row = {
        "plan": "guangdong-2013",
        "edition": 1,
        "measure": "40",
        "obligation": "40.meeting",
        "kind": "meeting",
        "title": "召開會議",
        "period": "2014",
        "lead": "wjmt",
        "performer": "wjmt",
        "participants": ("guangzhou",),
        "basis": "plan",
        "opens_on": date(2014, 1, 1),
        "due_on": date(2014, 12, 31),
        "workdays_version": "cn-1",
        "ladder": "default",
    }
    return Change("duties", key, {**row, **values}, "insert")


def message(key: str, **values: Any) -> Change:
    row = {
        "plan": "guangdong-2013",
        "recipient": f"{key}/officer",
        "channel": "mail",
        "form": "digest",
        "on": date(2014, 1, 2),
        "state": "queued",
        "message_id": f"<{key}@duban>",
    }
    return Change("messages", key, {**row, **values}, "insert")


def letter(key: str, **values: Any) -> Change:
    row = {
        "channel": "mail",
        "address": f"{key}@cast.example",
        "on": date(2014, 1, 2),
        "form": "digest",
        "state": "queued",
        "message_id": f"<{key}@duban>",
    }
    return Change("letters", key, {**row, **values}, "insert")


def carried(letter: str, message: str) -> Change:
    return Change("carried", (letter, message), {"place": 0}, "insert")


def edition(number: int, **values: Any) -> Change:
    row = {
        "title": "行動方案",
        "digest": "d",
        "document": "{}",
        "issued_on": date(2013, 8, 5),
        "starts_on": date(2013, 1, 1),
        "ends_on": date(2015, 12, 31),
        "workdays_version": "cn-1",
        "published_at": AT,
        "published_by": "office",
        "in_force": True,
    }
    return Change("editions", ("guangdong-2013", number), {**row, **values}, "insert")


@pytest.fixture
def make() -> dict[str, Callable[..., Change]]:
    return {
        "duty": duty,
        "message": message,
        "letter": letter,
        "carried": carried,
        "edition": edition,
    }


@pytest.fixture
def record() -> Callable[..., None]:
    def _record(tx: Transaction, *changes: Change, subject: str = MEETING) -> None:
        tx.record("tested", subject, changes=changes, at=AT, actor="office")

    return _record


@pytest.fixture
def held(ledger: Ledger, record: Callable[..., None]) -> Ledger:
    city = {"name": "廣州市人民政府", "kind": "city"}
    with ledger.transaction() as tx:
        record(tx, edition(1), subject="guangdong-2013")
        record(
            tx, Change("agencies", "wjmt", {"name": "省外經貿廳", "kind": "department"}, "insert")
        )
        record(tx, Change("agencies", "guangzhou", city, "insert"))
        record(tx, duty(MEETING))
        record(tx, duty(ADVISORY, measure="35", performer="guangzhou", party="guangzhou"))
    return ledger
