"""What was told to whom: the notices, and the message each travels in."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from catalog.errors import NotFoundError
from ledger.store.rows import rows
from ledger.tables import TABLES
from ledger.tables.post import NoticeBase

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.duties.conditions import Condition
    from ledger.post.messages import Message

DUTIES = TABLES["duties"]
NOTICES = TABLES["notices"]
MESSAGES = TABLES["messages"]
SAME = ("duty", "due_version", "rung", "recipient")  # what copies by several channels share


class Notice(NoticeBase):
    """One rung told to one recipient by one channel, with the fate of its message."""

    state: str
    reason: str | None


def notice_id(duty: str, due_version: int, rung: str, recipient: str, channel: str) -> str:
    """Return the id of the one notice these five can have: 16 hex digits of their SHA-256."""
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
    """Return the notices by day: of a duty, a plan, a form, or whose message is in `state`."""
    wanted = _NOTICE
    if duty is not None:
        wanted = wanted.where(NOTICES.c.duty == duty)
    if state is not None:
        wanted = wanted.where(MESSAGES.c.state == state)
    if plan is not None:
        wanted = wanted.where(MESSAGES.c.plan == plan)
    if form is not None:
        wanted = wanted.where(NOTICES.c.form == form)
    return _notices(conn, wanted)


def about(
    conn: sa.Connection,
    *where: Condition,
    drafts: bool,
    limit: int,
    offset: int = 0,
) -> list[Notice]:
    """Return the notices of the duties for which all of `where` holds, by day.

    Without `drafts` those are left out that wait for a person's release.
    """
    wanted = _NOTICE.where(NOTICES.c.duty.in_(_keys(*where)), _told(drafts=drafts))
    return _notices(conn, wanted.limit(limit).offset(offset))


def count_about(conn: sa.Connection, *where: Condition, drafts: bool) -> int:
    """Return how many notices `about` would give without a limit."""
    wanted = sa.select(sa.func.count()).select_from(NOTICES)
    wanted = wanted.join(MESSAGES, MESSAGES.c.id == NOTICES.c.message)
    mine = NOTICES.c.duty.in_(_keys(*where))
    return conn.execute(wanted.where(mine, _told(drafts=drafts))).scalar_one()


def one(conn: sa.Connection, notice: str) -> Notice:
    """Return the notice of that id; raises NotFoundError."""
    found = _notices(conn, _NOTICE.where(NOTICES.c.id == notice))
    if not found:
        raise NotFoundError("notice-unknown", notice=notice)
    return found[0]


def is_told(conn: sa.Connection, duty: str, rung: str) -> bool:
    """Tell whether anybody has been told `rung` of the duty, for whichever due date."""
    wanted = sa.select(NOTICES.c.id).where(NOTICES.c.duty == duty, NOTICES.c.rung == rung)
    return conn.scalar(wanted.limit(1)) is not None


def copies(conn: sa.Connection, notice: Notice) -> list[Notice]:
    """Return what tells the same to the same recipient, one a channel, `notice` among them."""
    wanted = [NOTICES.c[name] == getattr(notice, name) for name in SAME]
    return _notices(conn, _NOTICE.where(*wanted))


def thread(conn: sa.Connection, message: Message) -> tuple[str, ...]:
    """Return the Message-IDs by which its recipient first heard of the duties in `message`.

    One for each duty that an earlier message told of, the latest first, without doubles.
    """
    here, earlier = NOTICES.alias(), NOTICES.alias()
    first = (
        sa.select(earlier.c.duty, sa.func.min(MESSAGES.c.on).label("on"))
        .select_from(here)
        .join(earlier, earlier.c.duty == here.c.duty)
        .join(MESSAGES, MESSAGES.c.id == earlier.c.message)
        .where(here.c.message == message.id, MESSAGES.c.on < message.on)
        .where(MESSAGES.c.recipient == message.recipient, MESSAGES.c.channel == message.channel)
        .group_by(earlier.c.duty)
        .subquery()
    )
    wanted = (
        sa.select(MESSAGES.c.message_id, MESSAGES.c.on)
        .distinct()
        .join(NOTICES, NOTICES.c.message == MESSAGES.c.id)
        .join(first, (first.c.duty == NOTICES.c.duty) & (first.c.on == MESSAGES.c.on))
        .where(MESSAGES.c.recipient == message.recipient, MESSAGES.c.channel == message.channel)
        .order_by(MESSAGES.c.on.desc(), MESSAGES.c.message_id)
    )
    return tuple(row[0] for row in conn.execute(wanted))


def of_messages(conn: sa.Connection, messages: Iterable[str]) -> dict[str, list[Notice]]:
    """Return the notices that travel in each of `messages`."""
    carried: dict[str, list[Notice]] = {message: [] for message in messages}
    for notice in _notices(conn, _NOTICE.where(NOTICES.c.message.in_(list(carried)))):
        carried[notice.message].append(notice)
    return carried


_NOTICE: sa.Select[Any] = (
    sa.select(*NOTICES.columns, MESSAGES.c.state, MESSAGES.c.reason)
    .join(MESSAGES, MESSAGES.c.id == NOTICES.c.message)
    .order_by(NOTICES.c.on, NOTICES.c.duty, NOTICES.c.id)
)


def _told(*, drafts: bool) -> sa.ColumnElement[bool]:
    return sa.true() if drafts else MESSAGES.c.state != "draft"


def _keys(*where: Condition) -> sa.Select[tuple[str]]:
    return sa.select(DUTIES.c.key).where(*where)


def _notices(conn: sa.Connection, wanted: sa.Select[Any]) -> list[Notice]:
    return rows(conn, wanted, Notice)
