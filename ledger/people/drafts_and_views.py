"""What a person keeps for itself: saved views of the ledger, drafts of what it will say.

Both are leases, of no concern to anybody else. What is taken away can be taken back for UNDO.
"""

from __future__ import annotations

import datetime as dt
import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from catalog.errors import ConflictError, NotFoundError
from ledger.duties.conditions import UNFINISHED
from ledger.store.changes import Change
from ledger.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.duties.conditions import Condition
    from ledger.session import Transaction

VIEWS = TABLES["views"]
DRAFTS = TABLES["drafts"]
DUTIES = TABLES["duties"]
MOST = 20  # views of one user
UNDO = dt.timedelta(seconds=10)
LINE = dt.timedelta(seconds=2)  # what the way here may take, instants being whole seconds
STALE = dt.timedelta(days=1)  # what was taken away so long ago is removed


class View(NamedTuple):
    """A saved view: its name, and the filters as the query of an address."""

    id: str
    name: str
    query: str


class Draft(NamedTuple):
    """What was typed for a deed and not sent: the fields by name."""

    id: str
    duty: str
    deed: str
    fields: Mapping[str, str]
    saved_at: dt.datetime


def views(conn: sa.Connection, user: str) -> list[View]:
    """Return the views of `user`, by name."""
    c = VIEWS.c
    query = sa.select(c.id, c.name, c.query).where(c.user == user, c.ended_at.is_(None))
    return [View._make(row) for row in conn.execute(query.order_by(c.name, c.id))]


def save_view(tx: Transaction, view: View, *, user: str) -> None:
    """Keep a view, or give the one of that id another name.

    ConflictError when the user has one of that name, or as many as there may be.
    """
    others = [held for held in views(tx.conn, user) if held.id != view.id]
    if view.name in {held.name for held in others}:
        raise ConflictError("view-name-taken", name=view.name)
    if len(others) >= MOST:
        raise ConflictError("views-full", most=MOST)
    values = {"name": view.name, "query": view.query}
    if _owned(tx, VIEWS, view.id, user):
        tx.lease([Change("views", view.id, values)])
    else:
        tx.lease([Change("views", view.id, {"user": user, **values}, "insert")])


def drafts(conn: sa.Connection, user: str, *where: Condition) -> list[Draft]:
    """Return the drafts of `user` for duties that have not ended, the last saved first.

    `where` are conditions on the duties.
    """
    c = DRAFTS.c
    query = (
        sa.select(c.id, c.duty, c.deed, c.fields, c.saved_at)
        .join(DUTIES, DUTIES.c.key == c.duty)
        .where(c.user == user, c.ended_at.is_(None))
        .where(UNFINISHED, *where)
    )
    rows: Any = conn.execute(query.order_by(c.saved_at.desc(), c.id))
    return [Draft(id_, duty, deed, json.loads(told), at) for id_, duty, deed, told, at in rows]


def save_draft(
    tx: Transaction,
    user: str,
    *,
    duty: str,
    deed: str,
    fields: Mapping[str, str],
    at: dt.datetime,
) -> None:
    """Keep what was typed in place of what was kept before for this deed and duty."""
    draft = sha256(f"{user}\n{duty}\n{deed}".encode()).hexdigest()[:32]
    told = json.dumps(fields, ensure_ascii=False)
    values = {"user": user, "duty": duty, "deed": deed, "fields": told, "saved_at": at}
    if tx.present("drafts", [draft]):
        tx.lease([Change("drafts", draft, values | {"ended_at": None})])
    else:
        tx.lease([Change("drafts", draft, values, "insert")])


def drop_draft(tx: Transaction, user: str, *, duty: str, deed: str) -> None:
    """Forget the draft of a deed that was done."""
    c = DRAFTS.c
    tx.conn.execute(sa.delete(DRAFTS).where(c.user == user, c.duty == duty, c.deed == deed))


def end(tx: Transaction, table: str, own: str, *, user: str, at: dt.datetime) -> None:
    """Take away a view or draft of the user's; NotFoundError when it has none of that id."""
    if not _owned(tx, TABLES[table], own, user):
        raise NotFoundError("own-unknown")
    ended = TABLES[table].c.ended_at
    tx.conn.execute(sa.delete(TABLES[table]).where(ended < at - STALE))
    tx.lease([Change(table, own, {"ended_at": at})])


def take_back(tx: Transaction, table: str, own: str, *, user: str, at: dt.datetime) -> None:
    """Have again what was taken away; ConflictError when that was longer than UNDO ago."""
    if not _owned(tx, TABLES[table], own, user, since=at - UNDO - LINE):
        raise ConflictError("undo-late", seconds=UNDO.seconds)
    tx.lease([Change(table, own, {"ended_at": None})])


def _owned(
    tx: Transaction, table: sa.Table, own: str, user: str, *, since: dt.datetime | None = None
) -> bool:
    """Tell whether the user has this row: in use, or with `since` taken away after that."""
    c = table.c
    stands = c.ended_at.is_(None) if since is None else c.ended_at >= since
    return tx.conn.scalar(sa.select(c.id).where(c.id == own, c.user == user, stands)) is not None
