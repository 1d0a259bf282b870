"""Words on the work of a duty: progress, a next step, a filing, a figure or an item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from catalog.letters.inquiry import Word
from ledger.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.duties.conditions import Condition

DUTIES, USERS, AGENCIES = TABLES["duties"], TABLES["users"], TABLES["agencies"]
_OTHERS = TABLES["items"].alias().c


class _Source(NamedTuple):
    """A table of words: its columns, and the condition for those of the last day."""

    table: sa.Table
    by: str
    text: str
    last: Condition


def _sources() -> tuple[_Source, ...]:
    """Return the tables of words; of those of one day a later one counts."""
    spoken_on, tables = DUTIES.c.spoken_on, TABLES
    remarks, readings, items = (tables[name] for name in ("remarks", "readings", "items"))
    filings = tables["submissions"]
    newest = sa.select(sa.func.max(_OTHERS.recorded_at)).where(_OTHERS.duty == items.c.duty)
    reported = remarks.c.kind.in_(("progress", "next_step")) & (remarks.c.said_on == spoken_on)
    return (
        _Source(items, "recorded_by", "title", items.c.recorded_at == newest.scalar_subquery()),
        _Source(readings, "reported_by", "value", readings.c.reported_on == spoken_on),
        _Source(filings, "filed_by", "summary", filings.c.filed_on == spoken_on),
        _Source(remarks, "said_by", "text", reported),
    )


def last(conn: sa.Connection, duties: Iterable[str]) -> dict[str, Word]:
    """Return the last word on each of `duties` that has one, by key, with its author's name."""
    keys = list(duties)
    words: dict[str, Word] = {}
    for source in _sources():
        for key, *word in conn.execute(_query(source, keys)):
            words[key] = Word(*word)
    return words


def _query(source: _Source, keys: list[str]) -> sa.Select[Any]:
    of_word = source.table.c
    by = of_word[source.by]
    name = sa.func.coalesce(USERS.c.name, by)
    if "agency" in of_word:  # the office recorded it for the agency
        name = sa.func.coalesce(AGENCIES.c.name, name)
    query = sa.select(DUTIES.c.key, DUTIES.c.spoken_on, name, of_word[source.text])
    query = query.join(source.table, of_word.duty == DUTIES.c.key)
    query = query.outerjoin(USERS, USERS.c.id == by)
    if "agency" in of_word:
        query = query.outerjoin(AGENCIES, AGENCIES.c.id == of_word.agency)
    spoken = DUTIES.c.spoken_on.is_not(None)
    return query.where(DUTIES.c.key.in_(keys), spoken, source.last).order_by(
        of_word.get("number", of_word.id)
    )
