"""Letters: what each mailbox gets, each claimed by one sender at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from catalog.dates.days import SKEW
from catalog.dates.retries import LEASE, LONGEST_DELAY
from ledger.post.messages import LEFT
from ledger.store.changes import Change
from ledger.store.rows import first, maker, rows
from ledger.tables import TABLES
from ledger.tables.post import Letter, Message

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date, datetime, timedelta

    from ledger.session import Transaction

__all__ = ["Letter"]

LETTERS = TABLES["letters"]
CARRIED = TABLES["carried"]
MESSAGES = TABLES["messages"]
READDRESSED = "the address is no longer the recipient's"  # the reason of a letter given up
# The reasons of such letters, also that of earlier versions.
READDRESSINGS = (READDRESSED, "another address was recorded")

Mailbox = tuple[str, str]  # channel and address


class Load(NamedTuple):
    """A letter with the messages that it carries, oldest first.

    `shared` tells whether another letter carries one of them too.
    """

    letter: Letter
    messages: list[Message]
    shared: bool = False


def one(conn: sa.Connection, letter: str) -> Letter | None:
    """Return the letter with this id, None if there is none."""
    return first(conn, sa.select(LETTERS).where(LETTERS.c.id == letter), Letter)


def listed(conn: sa.Connection, *, state: str | None = None) -> list[Letter]:
    """Return the letters, all or those in a state, by day."""
    query = sa.select(LETTERS).order_by(LETTERS.c.on, LETTERS.c.id)
    return rows(conn, query.where(LETTERS.c.state == state) if state else query, Letter)


def by_message_id(conn: sa.Connection, message_id: str) -> Letter | None:
    """Return the letter with this Message-ID, None if there is none.

    Messages sent before there were letters are letters too, which are in no row and have no
    address: `one` does not know them.
    """
    letter = first(conn, sa.select(LETTERS).where(LETTERS.c.message_id == message_id), Letter)
    if letter is not None:
        return letter
    earlier = sa.select(MESSAGES).where(MESSAGES.c.message_id == message_id)
    message = first(conn, earlier.where(~_has_letter()), Message)
    return None if message is None else _as_letter(message)


def messages_of(conn: sa.Connection, letters: Iterable[str]) -> dict[str, list[Message]]:
    """Return the messages that each of `letters` carries, oldest first."""
    carried: dict[str, list[Message]] = {letter: [] for letter in letters}
    query = (
        sa.select(CARRIED.c.letter, MESSAGES)
        .join(MESSAGES, MESSAGES.c.id == CARRIED.c.message)
        .where(CARRIED.c.letter.in_(list(carried)))
        .order_by(CARRIED.c.place, MESSAGES.c.on, MESSAGES.c.id)
    )
    message = maker(Message)
    for letter, *row in conn.execute(query):
        carried[letter].append(message(row))
    return carried


def of_messages(conn: sa.Connection, messages: Collection[str]) -> dict[str, list[Letter]]:
    """Return the letters that carry each of `messages`, by day."""
    carrying: dict[str, list[Letter]] = {message: [] for message in messages}
    query = (
        sa.select(CARRIED.c.message, LETTERS)
        .join(LETTERS, LETTERS.c.id == CARRIED.c.letter)
        .where(CARRIED.c.message.in_(list(messages)))
        .order_by(LETTERS.c.on, LETTERS.c.id)
    )
    letter = maker(Letter)
    for message, *row in conn.execute(query):
        carrying[message].append(letter(row))
    return carrying


def unformed(tx: Transaction, on: date) -> tuple[list[Message], list[Message]]:
    """Return the queued messages of days up to `on` that are in no queued letter, by day.

    First those that nothing is added to before the transaction ends, then those being filled.
    """
    tx.hold("claim")  # two senders at once would both form them
    every = rows(tx.conn, _OLDEST_UNFORMED, Message, on=on)
    if tx.conn.dialect.name == "sqlite" or not every:
        return every, []
    unformed_ids = _OLDEST_UNFORMED.with_only_columns(MESSAGES.c.id)
    free = sa.select(MESSAGES.c.id).where(MESSAGES.c.id.in_(unformed_ids))
    locked = free.order_by(MESSAGES.c.id).with_for_update(skip_locked=True, key_share=True)
    ids = set(tx.conn.scalars(locked, {"on": on}))
    return [m for m in every if m.id in ids], [m for m in every if m.id not in ids]


def untried(conn: sa.Connection) -> dict[Mailbox, tuple[str, int]]:
    """Return, by mailbox, the digest letter that nobody has tried to send, and its next place."""
    query = (
        sa.select(LETTERS.c.channel, LETTERS.c.address, LETTERS.c.id, sa.func.count())
        .join(CARRIED, CARRIED.c.letter == LETTERS.c.id)
        .where(LETTERS.c.state == "queued", LETTERS.c.form == "digest", LETTERS.c.tries == 0)
        .where(LETTERS.c.claimed_until.is_(None), LETTERS.c.settled_at.is_(None))
        .group_by(LETTERS.c.channel, LETTERS.c.address, LETTERS.c.id)
        .order_by(LETTERS.c.id)
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in conn.execute(query)}


def claim(
    tx: Transaction,
    *,
    on: date,
    at: datetime,
    until: datetime,
    limit: int = 100,
    stopped: Collection[str] = (),
    resting: Collection[str] = (),
    aside: Collection[str] = (),
) -> list[Load]:
    """Lease the next letters to send until the instant `until`, and return them, oldest first.

    A letter waits for the earlier ones to its mailbox, so that delayed mail arrives in order; a
    digest also for the day after another one, and for a working day of all plans that it tells of.
    `stopped` are channels, `resting` plans, `aside` letters. The lease of a sender that dies
    expires, and the next one sends with the same Message-ID.
    """
    blocked = _blocked(at)
    same = ("channel", "address")
    ready = (
        sa.select(LETTERS)
        .outerjoin(blocked, sa.and_(*(LETTERS.c[c] == blocked.c[c] for c in same)))
        .where(LETTERS.c.state == "queued", LETTERS.c.channel.not_in(stopped))
        .where(LETTERS.c.id.not_in(aside))
        .where(sa.or_(blocked.c.on.is_(None), LETTERS.c.on <= blocked.c.on))
        .where(~_ahead(LETTERS.c.next_try_at, at, LONGEST_DELAY))
        .where(~_ahead(LETTERS.c.claimed_until, at, LEASE))
        .where(sa.or_(LETTERS.c.form == "slip", sa.and_(~_crowded(on), ~_rests(resting))))
        .order_by(LETTERS.c.on, LETTERS.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True, of=LETTERS)
    )
    tx.hold("claim")  # two senders at once would each skip what the other is claiming
    letters = rows(tx.conn, ready, Letter)
    tx.lease(Change("letters", letter.id, {"claimed_until": until}) for letter in letters)
    return _loads(tx.conn, [each.model_copy(update={"claimed_until": until}) for each in letters])


def sent_since(
    conn: sa.Connection, channel: str, address: str, *, since: datetime
) -> list[datetime]:
    """Return when letters left by `channel` after `since`: all, or those to an `address`."""
    query = sa.select(LETTERS.c.settled_at).where(
        LETTERS.c.channel == channel, LETTERS.c.state.in_(LEFT), LETTERS.c.settled_at > since
    )
    return list(conn.scalars(query.where(LETTERS.c.address == address) if address else query))


def others(conn: sa.Connection, load: Load) -> dict[str, set[str]]:
    """Return the states of the other letters of each message in `load`.

    The messages stay locked until the transaction ends, so that of two letters settled at once the
    second sees the first.
    """
    states: dict[str, set[str]] = {message.id: set() for message in load.messages}
    if not load.shared:
        return states
    ids = sorted(states)
    lock = sa.select(MESSAGES.c.id).where(MESSAGES.c.id.in_(ids)).order_by(MESSAGES.c.id)
    conn.execute(lock.with_for_update(key_share=True)).all()
    query = (
        sa.select(CARRIED.c.message, LETTERS.c.state)
        .join(LETTERS, LETTERS.c.id == CARRIED.c.letter)
        .where(CARRIED.c.message.in_(ids), LETTERS.c.id != load.letter.id)
    )
    for message, state in conn.execute(query):
        states[message].add(state)
    return states


def waiting(conn: sa.Connection, on: date) -> int:
    """Return how many letters wait, leased ones included, and messages of days up to `on`."""
    return conn.execute(_WAITING, {"on": on}).scalar_one()


def _as_letter(message: Message) -> Letter:
    return Letter(
        id=message.id,
        channel=message.channel,
        address="",
        on=message.on,
        form=message.form,
        state=message.state,
        message_id=message.message_id,
        settled_at=message.settled_at,
        reason=message.reason,
    )


def _loads(conn: sa.Connection, letters: Sequence[Letter]) -> list[Load]:
    carried = messages_of(conn, [letter.id for letter in letters])
    ids = {message.id for messages in carried.values() for message in messages}
    several = sa.select(CARRIED.c.message).where(CARRIED.c.message.in_(ids))
    several = several.group_by(CARRIED.c.message).having(sa.func.count() > 1)
    shared = set(conn.scalars(several)) if ids else set()
    return [
        Load(letter, messages, any(message.id in shared for message in messages))
        for letter in letters
        for messages in [carried[letter.id]]
    ]


def _has_letter(*where: sa.ColumnElement[bool]) -> sa.Exists:
    """Tell whether a letter for which `where` holds carries the message."""
    carrying = sa.select(CARRIED.c.letter).join(LETTERS, LETTERS.c.id == CARRIED.c.letter)
    carrying = carrying.where(CARRIED.c.message == MESSAGES.c.id, *where)
    return carrying.correlate(MESSAGES).exists()


def _count(query: sa.Select[Any]) -> sa.ScalarSelect[Any]:
    return sa.select(sa.func.count()).select_from(query.subquery()).scalar_subquery()


_UNFORMED = sa.select(MESSAGES).where(
    MESSAGES.c.state == "queued",
    MESSAGES.c.on <= sa.bindparam("on"),
    ~_has_letter(LETTERS.c.state == "queued"),
)
_OLDEST_UNFORMED = _UNFORMED.order_by(MESSAGES.c.on, MESSAGES.c.id)
_QUEUED = sa.select(LETTERS.c.id).where(LETTERS.c.state == "queued")
_WAITING: sa.Select[tuple[int]] = sa.select(_count(_QUEUED) + _count(_UNFORMED))


def _crowded(on: date) -> sa.Exists:
    """Tell whether another digest goes to the mailbox first: one sent today, or an earlier one."""
    other = LETTERS.alias()
    is_earlier = sa.tuple_(other.c.on, other.c.id) < sa.tuple_(LETTERS.c.on, LETTERS.c.id)
    return (
        sa.select(other.c.id)
        .where(other.c.channel == LETTERS.c.channel, other.c.address == LETTERS.c.address)
        .where(other.c.form == "digest", other.c.id != LETTERS.c.id)
        .where(
            sa.or_(
                sa.and_(other.c.state.in_(LEFT), other.c.on == on),
                sa.and_(other.c.state == "queued", is_earlier),
            )
        )
        .correlate(LETTERS)
        .exists()
    )


def _rests(resting: Collection[str]) -> sa.ColumnElement[bool]:
    """Tell whether the letter carries a message of one of the plans `resting`."""
    if not resting:
        return sa.false()
    carried = sa.select(CARRIED.c.letter).join(MESSAGES, MESSAGES.c.id == CARRIED.c.message)
    carried = carried.where(CARRIED.c.letter == LETTERS.c.id, MESSAGES.c.plan.in_(resting))
    return carried.correlate(LETTERS).exists()


def _blocked(at: datetime) -> sa.Subquery:
    """Return, by mailbox, the day of the earliest letter not to be tried yet."""
    later = sa.or_(
        _ahead(LETTERS.c.next_try_at, at, LONGEST_DELAY),
        _ahead(LETTERS.c.claimed_until, at, LEASE),
    )
    return (
        sa.select(LETTERS.c.channel, LETTERS.c.address, sa.func.min(LETTERS.c.on).label("on"))
        .where(LETTERS.c.state == "queued", later)
        .group_by(LETTERS.c.channel, LETTERS.c.address)
        .subquery()
    )


def _ahead(column: sa.Column[Any], at: datetime, longest: timedelta) -> sa.ColumnElement[bool]:
    """Tell whether a span of at most `longest` has not passed yet.

    An instant further ahead comes from a clock that was wrong: nothing waits for it.
    """
    return sa.and_(column.is_not(None), column > at, column <= at + longest + SKEW)
