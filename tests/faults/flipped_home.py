"""A small home with rows in every table, and the verification that must notice a flip in it."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from catalog.errors import DubanError
from desk.access.signin import begin
from desk.access.tokens import issue
from ledger.people.signin import put
from ledger.proof.ledger_verification import verify_home
from ledger.store.changes import Change
from ledger.tables import TABLES, Instant, Names, is_secret, transient
from tasks.deeds import answering, extending
from tasks.people import passwords
from tasks.post.channels.channel import TryAgainError
from tests.world import DAY, ISSUED, PostOffice, World, address, small_plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ledger.session import Ledger

OBLIGATIONS: list[dict[str, Any]] = [
    {"id": "report", "due_on": dt.date(2013, 8, 8)},
    {"id": "meeting", "kind": "meeting", "due_on": dt.date(2013, 8, 26), "evidence": []},
    {"id": "fairs", "recurrence": "yearly", "quota": {"min": 3}},
    {"id": "later", "due_on": dt.date(2013, 12, 31)},
]
REPORT, FAIRS, LATER = (
    f"small-2013/1.{name}" for name in ("report/-/once", "fairs/-/2013", "later/-/once")
)
UNTIL = ISSUED + 14 * DAY
FILE = b"%PDF-1.4 planted"
FILE_DIGEST = sha256(FILE).hexdigest()
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def live(ledger: Ledger, folder: Path) -> Callable[[sa.Connection], bool]:
    """Live two weeks with every deed that leaves rows, plant the other tables, return `verify`."""
    post = PostOffice()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tasks.post.lines.channel_for", lambda _settings, _name, **_: post)
        world = World(ledger, post)
        world.publish(small_plan(folder, *OBLIGATIONS))
        post.refusals[address("city/officer")] = TryAgainError("451")
        world.until(ISSUED + DAY)
        world.acknowledge(FAIRS)
        answering.progress(ledger, REPORT, world.act("trade/officer"), text="至今的進展")
        world.deliver_item(FAIRS)
        extending.ask(
            ledger, LATER, world.act("trade/officer"), to=dt.date(2014, 1, 10), reason="延"
        )
        extending.grant(ledger, LATER, world.act("office/officer"), document="粵府函〔2013〕9號")
        world.until(UNTIL)
        _sign_in(world)
    ledger.evidence.bring(BytesIO(FILE), FILE_DIGEST)
    _plant(ledger)

    def is_noticed(conn: sa.Connection) -> bool:
        try:
            return not verify_home(conn, ledger.settings.home, ledger.evidence, at=NOW).ok
        except DubanError:
            return True

    return is_noticed


def _sign_in(world: World) -> None:
    """Give an officer a password with one-time codes, a session and a token."""
    user, at = "trade/officer", world.at
    passwords.set_password(world.ledger, [user], "correct horse battery", at=at, actor=user)
    with world.ledger.transaction() as tx:
        put(tx, "credentials", user, {"totp": "SECRET", "totp_step": 1})
        tx.record("codes-enrolled", user, at=at, actor=user)
    with world.ledger.transaction() as tx:
        issue(tx, user, "api", on=world.today)
        tx.record("token-issued", user, at=at, actor=user)
        begin(tx, user, at=at, proved=True)


def _plant(ledger: Ledger) -> None:
    """Record a row in every table that the days left empty."""
    at = dt.datetime(2013, 8, 20, tzinfo=dt.UTC)
    with ledger.transaction() as tx:
        for table in TABLES["duties"].metadata.sorted_tables:
            if tx.conn.scalar(sa.select(sa.func.count()).select_from(table)):
                continue
            key, values = _row(tx.conn, table)
            leases = {n: v for n, v in values.items() if n in transient(table)}
            facts = {n: v for n, v in values.items() if n not in leases}
            if is_secret(table):
                tx.lease([Change(table.name, key, leases, "insert")])
                continue
            changes = [Change(table.name, key, facts, "insert")]
            tx.record("planted", "planted", changes=changes, at=at, actor="test")
            tx.lease([Change(table.name, key, leases)] if leases else [])


def _row(conn: sa.Connection, table: sa.Table) -> tuple[Any, dict[str, Any]]:
    values = {column.name: _value(conn, column) for column in table.columns}
    keys = [values.pop(column.name) for column in table.primary_key]
    return keys[0] if len(keys) == 1 else tuple(keys), values


def _value(conn: sa.Connection, column: sa.Column[Any]) -> Any:
    if key := next(iter(column.foreign_keys), None):
        return conn.scalar(sa.select(key.column).limit(1))
    kind = column.type
    if isinstance(kind, sa.Date):
        return dt.date(2013, 8, 20)
    if isinstance(kind, Instant):
        return dt.datetime(2013, 8, 20, tzinfo=dt.UTC)
    if isinstance(kind, Names):
        return ("planted",)
    if isinstance(kind, sa.Boolean | sa.Integer):
        return 1
    return FILE_DIGEST if column.name == "sha256" else "planted"
