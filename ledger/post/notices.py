"""Notices: one rung to one recipient by one channel, and the message that carries each."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from catalog.errors import NotFoundError
from ledger.post.messages import UNDELIVERED
from ledger.store.rows import rows
from ledger.tables import TABLES
from ledger.tables.post import NoticeBase

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ledger.duties.conditions import Condition

DUTIES = TABLES["duties"]
NOTICES = TABLES["notices"]
MESSAGES = TABLES["messages"]
_OTHER, _CARRYING = NOTICES.alias(), MESSAGES.alias()
_ONE_OF_RUNG = (
    sa.select(NOTICES.c.id)
    .where(NOTICES.c.duty == sa.bindparam("duty"), NOTICES.c.rung == sa.bindparam("rung"))
    .limit(1)
)
SLIP = ("duty", "due_version", "rung")  # one slip, to whomever and by whatever channel it goes


class Notice(NoticeBase):
    """One rung sent to one recipient by one channel, with its state.

    That is the state of its message, or `superseded` where its letter left without it.
    """

    state: str
    reason: str | None


def notice_id(duty: str, due_version: int, rung: str, recipient: str, channel: str) -> str:
    """Return the id of the one notice with these five values: 16 hex digits of their SHA-256."""
    natural = "\n".join((duty, str(due_version), rung, recipient, channel))
    return sha256(natural.encode()).hexdigest()[:16]


def listed(
    conn: sa.Connection,
    *,
    duty: str | None = None,
    state: str | None = None,
    plan: str | None = None,
    form: str | None = None,
) -> list[Notice]:
    """Return the notices of a duty, plan, form, or state of their message, by day."""
    query = _NOTICE
    if duty is not None:
        query = query.where(NOTICES.c.duty == duty)
    if state is not None:
        query = query.where(_own_state == state)
    if plan is not None:
        query = query.where(MESSAGES.c.plan == plan)
    if form is not None:
        query = query.where(NOTICES.c.form == form)
    return _notices(conn, query)


def unreached(conn: sa.Connection, duty: str, *, limit: int) -> list[Notice]:
    """Return the notices of each rung of a duty that nobody got, the last first.

    All letters of such a rung could not be delivered, or came back.
    """
    reached = sa.select(_OTHER.c.id).join(_CARRYING, _CARRYING.c.id == _OTHER.c.message)
    same = [_OTHER.c[name] == NOTICES.c[name] for name in SLIP]
    reached = reached.where(*same, _CARRYING.c.state.not_in(UNDELIVERED)).correlate(NOTICES)
    query = _NOTICE.where(NOTICES.c.duty == duty, _own_state.in_(UNDELIVERED), ~reached.exists())
    return _notices(
        conn, query.order_by(None).order_by(NOTICES.c.on.desc(), NOTICES.c.id).limit(limit)
    )


def about(
    conn: sa.Connection,
    *where: Condition,
    drafts: bool,
    limit: int,
    offset: int = 0,
) -> list[Notice]:
    """Return the notices of the duties for which all of `where` holds, by day.

    `drafts` includes those that wait to be released by a person.
    """
    query = _NOTICE.where(NOTICES.c.duty.in_(_keys(*where)), _released(drafts=drafts))
    return _notices(conn, query.limit(limit).offset(offset))


def count_about(conn: sa.Connection, *where: Condition, drafts: bool) -> int:
    """Return how many notices `about` would give without a limit."""
    query = sa.select(sa.func.count()).select_from(NOTICES)
    query = query.join(MESSAGES, MESSAGES.c.id == NOTICES.c.message)
    query = query.where(NOTICES.c.duty.in_(_keys(*where)), _released(drafts=drafts))
    return conn.execute(query).scalar_one()


def one(conn: sa.Connection, notice: str) -> Notice:
    """Return the notice with this id; raises NotFoundError."""
    notices = _notices(conn, _NOTICE.where(NOTICES.c.id == notice))
    if not notices:
        raise NotFoundError("notice-unknown", notice=notice)
    return notices[0]


def exists(conn: sa.Connection, duty: str, rung: str) -> bool:
    """Tell whether there is a notice of `rung` of the duty, for any due date."""
    return conn.scalar(_ONE_OF_RUNG, {"duty": duty, "rung": rung}) is not None


def of_slip(conn: sa.Connection, notice: Notice) -> list[Notice]:
    """Return the notices of one slip: one a recipient and channel, `notice` included."""
    same = [NOTICES.c[name] == getattr(notice, name) for name in (*SLIP, "form")]
    return _notices(conn, _NOTICE.where(*same))


def of_messages(conn: sa.Connection, messages: Iterable[str]) -> dict[str, list[Notice]]:
    """Return the notices that each of `messages` carries."""
    notices: dict[str, list[Notice]] = {message: [] for message in messages}
    for notice in _notices(conn, _NOTICE.where(NOTICES.c.message.in_(list(notices)))):
        notices[notice.message].append(notice)
    return notices


def of_duties(conn: sa.Connection, duties: Iterable[str], *, before: date) -> list[Notice]:
    """Return the notices of `duties` from the days before, by day."""
    return _notices(conn, _NOTICE.where(NOTICES.c.duty.in_(list(duties)), NOTICES.c.on < before))


_own_state: sa.ColumnElement[str] = sa.case(
    (NOTICES.c.superseded_on.is_not(None), "superseded"), else_=MESSAGES.c.state
)
_NOTICE: sa.Select[Any] = (
    sa.select(*NOTICES.columns, _own_state.label("state"), MESSAGES.c.reason)
    .join(MESSAGES, MESSAGES.c.id == NOTICES.c.message)
    .order_by(NOTICES.c.on, NOTICES.c.duty, NOTICES.c.id)
)


def _released(*, drafts: bool) -> sa.ColumnElement[bool]:
    return sa.true() if drafts else MESSAGES.c.state != "draft"


def _keys(*where: Condition) -> sa.Select[tuple[str]]:
    return sa.select(DUTIES.c.key).where(*where)


def _notices(conn: sa.Connection, query: sa.Select[Any]) -> list[Notice]:
    return rows(conn, query, Notice)
