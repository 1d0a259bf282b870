"""Audit log: the entries of the history by condition and page, the last first."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger.proof.chain import ENTRIES, Entry, head, read
from ledger.tables import instant_text

if TYPE_CHECKING:
    from collections.abc import Collection

Condition = sa.ColumnElement[bool]


def where(
    *,
    actor: str = "",
    deed: str = "",
    about: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
) -> list[Condition]:
    """Return the conditions on the entries; empty arguments are ignored.

    `about` is a part of the subject; `before` itself is not included.
    """
    columns = ENTRIES.c
    values = {columns.actor: actor, columns.deed: deed}
    conditions = [column == value for column, value in values.items() if value]
    if about:
        conditions.append(columns.subject.contains(about, autoescape=True))
    if since is not None:  # text of one length and one zone sorts as the instants do
        conditions.append(columns.at >= instant_text(since))
    if before is not None:
        conditions.append(columns.at < instant_text(before))
    return conditions


def about(subject: str) -> list[Condition]:
    """Return the conditions for the entries about `subject`."""
    return [ENTRIES.c.subject == subject]


def about_any(subjects: Collection[str]) -> list[Condition]:
    """Return the conditions for the entries about any of the subjects."""
    return [ENTRIES.c.subject.in_(subjects)]


def numbered(seq: int) -> list[Condition]:
    """Return the conditions for the entry of that number."""
    return [ENTRIES.c.seq == seq]


def among_last(conn: sa.Connection, count: int) -> list[Condition]:
    """Return the conditions for the last `count` entries: a bound on what a query reads."""
    return [ENTRIES.c.seq > head(conn).entries - count]


def by(actor: str) -> list[Condition]:
    """Return the conditions for the entries of `actor`."""
    return [ENTRIES.c.actor == actor]


def of_duties(plan: str, deed: str, *, after: int) -> list[Condition]:
    """Return the conditions for entries past number `after` of `deed` on duties of `plan`."""
    of_plan = ENTRIES.c.subject.startswith(f"{plan}/", autoescape=True)
    return [*past(after), ENTRIES.c.deed == deed, of_plan]


def of_rungs(plan: str, rungs: Collection[str], *, after: int) -> list[Condition]:
    """Return the conditions for entries past number `after` that tell repeated `rungs` of `plan`.

    A rung that a graver one stood for counts as well.
    """
    named = (ENTRIES.c.payload.contains(f'"{rung}:', autoescape=True) for rung in sorted(rungs))
    of_plan = ENTRIES.c.subject.startswith(f"{plan}/", autoescape=True)
    telling = ENTRIES.c.deed.in_(("reminded", "escalated"))
    return [*past(after), of_plan, telling, sa.or_(sa.false(), *named)]


def past(seq: int) -> list[Condition]:
    """Return the conditions for the entries past number `seq`."""
    return [ENTRIES.c.seq > seq]


def chosen(
    conn: sa.Connection,
    *where: Condition,
    limit: int,
    offset: int = 0,
    oldest_first: bool = False,
) -> list[Entry]:
    """Return the entries that meet all of `where`, the last first unless `oldest_first`."""
    order = ENTRIES.c.seq if oldest_first else ENTRIES.c.seq.desc()
    entries = sa.select(ENTRIES).where(*where).order_by(order).limit(limit).offset(offset)
    return [read(row) for row in conn.execute(entries)]


def last(conn: sa.Connection, deed: str, *, subject: str | None = None) -> Entry | None:
    """Return the last entry of `deed`: about anything, or about `subject`."""
    about = [] if subject is None else [ENTRIES.c.subject == subject]
    return next(iter(chosen(conn, ENTRIES.c.deed == deed, *about, limit=1)), None)


def last_at(conn: sa.Connection) -> datetime | None:
    """Return the instant of the last entry, None where there is none."""
    at = conn.scalar(sa.select(ENTRIES.c.at).order_by(ENTRIES.c.seq.desc()).limit(1))
    return None if at is None else datetime.fromisoformat(at)


def goes_on(conn: sa.Connection, after: int, *, besides: Collection[str]) -> bool:
    """Tell whether an entry past number `after` is of a deed other than `besides`."""
    others = (ENTRIES.c.seq > after, ENTRIES.c.deed.not_in(besides))
    return conn.scalar(sa.select(ENTRIES.c.seq).where(*others).limit(1)) is not None


def count(conn: sa.Connection, *where: Condition) -> int:
    """Return how many entries `chosen` would give without a limit."""
    return conn.execute(sa.select(sa.func.count()).select_from(ENTRIES).where(*where)).scalar_one()


def between(conn: sa.Connection, first: int, last: int) -> list[Entry]:
    """Return the entries from number `first` to `last`, in order."""
    query = sa.select(ENTRIES).where(ENTRIES.c.seq.between(first, last))
    return [read(row) for row in conn.execute(query.order_by(ENTRIES.c.seq))]


def deeds(conn: sa.Connection) -> list[str]:
    """Return every deed in the history, by name."""
    return list(conn.scalars(sa.select(ENTRIES.c.deed).distinct().order_by(ENTRIES.c.deed)))


def actors(conn: sa.Connection) -> list[str]:
    """Return every actor in the history, by name, duban itself included."""
    return list(conn.scalars(sa.select(ENTRIES.c.actor).distinct().order_by(ENTRIES.c.actor)))
