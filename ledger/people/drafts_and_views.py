"""Saved views of the ledger and drafts of deeds: a user's own.

Both are leases. A deletion can be undone for UNDO.
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
LINE = dt.timedelta(seconds=2)  # for the request's way here; instants are whole seconds
STALE = dt.timedelta(days=1)  # deleted rows older than this are removed


class View(NamedTuple):
    """A saved view: its name, and its filters as a query string."""

    id: str
    name: str
    query: str


class Draft(NamedTuple):
    """Text entered for a deed and not sent, by field."""

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
    """Save a view, or rename the one with this id.

    Raises ConflictError where the user has another of this name, or MOST of them.
    """
    others = [other for other in views(tx.conn, user) if other.id != view.id]
    if view.name in {other.name for other in others}:
        raise ConflictError("view-name-taken", name=view.name)
    if len(others) >= MOST:
        raise ConflictError("views-full", most=MOST)
    values = {"name": view.name, "query": view.query}
    if _owned(tx, VIEWS, view.id, user):
        tx.lease([Change("views", view.id, values)])
    else:
        tx.lease([Change("views", view.id, {"user": user, **values}, "insert")])


def drafts(conn: sa.Connection, user: str, *where: Condition) -> list[Draft]:
    """Return the drafts of `user` for open duties that meet `where`, the last saved first."""
    c = DRAFTS.c
    query = (
        sa.select(c.id, c.duty, c.deed, c.fields, c.saved_at)
        .join(DUTIES, DUTIES.c.key == c.duty)
        .where(c.user == user, c.ended_at.is_(None))
        .where(UNFINISHED, *where)
    )
    rows: Any = conn.execute(query.order_by(c.saved_at.desc(), c.id))
    return [Draft(id_, duty, deed, json.loads(text), at) for id_, duty, deed, text, at in rows]


def save_draft(
    tx: Transaction,
    user: str,
    *,
    duty: str,
    deed: str,
    fields: Mapping[str, str],
    at: dt.datetime,
) -> None:
    """Save a draft in place of the last one for this deed and duty."""
    draft = sha256(f"{user}\n{duty}\n{deed}".encode()).hexdigest()[:32]
    text = json.dumps(fields, ensure_ascii=False)
    values = {"user": user, "duty": duty, "deed": deed, "fields": text, "saved_at": at}
    if tx.present("drafts", [draft]):
        tx.lease([Change("drafts", draft, values | {"ended_at": None})])
    else:
        tx.lease([Change("drafts", draft, values, "insert")])


def drop_draft(tx: Transaction, user: str, *, duty: str, deed: str) -> None:
    """Delete the draft of a deed that was recorded."""
    c = DRAFTS.c
    tx.conn.execute(sa.delete(DRAFTS).where(c.user == user, c.duty == duty, c.deed == deed))


def end(tx: Transaction, table: str, own: str, *, user: str, at: dt.datetime) -> None:
    """Mark a view or draft of the user's as deleted; raises NotFoundError."""
    if not _owned(tx, TABLES[table], own, user):
        raise NotFoundError("own-unknown")
    ended = TABLES[table].c.ended_at
    tx.conn.execute(sa.delete(TABLES[table]).where(ended < at - STALE))
    tx.lease([Change(table, own, {"ended_at": at})])


def take_back(tx: Transaction, table: str, own: str, *, user: str, at: dt.datetime) -> None:
    """Restore a deleted view or draft; ConflictError when it was deleted longer than UNDO ago."""
    if not _owned(tx, TABLES[table], own, user, since=at - UNDO - LINE):
        raise ConflictError("undo-late", seconds=UNDO.seconds)
    tx.lease([Change(table, own, {"ended_at": None})])


def _owned(
    tx: Transaction, table: sa.Table, own: str, user: str, *, since: dt.datetime | None = None
) -> bool:
    """Tell whether the user has this row in use, or with `since` one deleted from then on."""
    c = table.c
    state = c.ended_at.is_(None) if since is None else c.ended_at >= since
    return tx.conn.scalar(sa.select(c.id).where(c.id == own, c.user == user, state)) is not None
