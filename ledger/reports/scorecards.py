"""Scorecards (考核) as they were announced, and the objections to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from catalog.errors import NotFoundError
from catalog.reports.scorecard import CardFigures
from ledger.tables import TABLES

if TYPE_CHECKING:
    from datetime import date

CARDS = TABLES["cards"]
OBJECTIONS = TABLES["objections"]


class Card(NamedTuple):
    """An announced scorecard; the columns of `cards`."""

    id: str
    plan: str
    year: int
    agency: str
    on: date
    data: str
    entries: int
    head: str
    announced_on: date
    announced_by: str
    objections_until: date

    @property
    def counted(self) -> CardFigures:
        """The frozen data."""
        return CardFigures.model_validate_json(self.data)


class Objection(NamedTuple):
    """What an agency objects to; the columns of `objections`, `outcome` None while it waits."""

    id: str
    card: str
    number: int
    duty: str
    text: str
    raised_on: date
    raised_by: str
    decided_on: date | None
    decided_by: str | None
    outcome: str | None
    answer: str | None


def card_id(plan: str, year: int, agency: str) -> str:
    """Return the id of the one card of an agency and year."""
    return f"{plan}/{year}/{agency}"


def one(conn: sa.Connection, plan: str, year: int, agency: str) -> Card:
    """Return the card of that agency and year; NotFoundError when none was announced."""
    found = _cards(conn, CARDS.c.id == card_id(plan, year, agency))
    if not found:
        raise NotFoundError("card-unknown", agency=agency, year=year)
    return found[0]


def of_year(conn: sa.Connection, plan: str, year: int) -> dict[str, Card]:
    """Return the cards announced for that year by agency."""
    found = _cards(conn, CARDS.c.plan == plan, CARDS.c.year == year)
    return {card.agency: card for card in found}


def objections(conn: sa.Connection, card: str) -> list[Objection]:
    """Return the objections to a card, oldest first."""
    columns = OBJECTIONS.c
    wanted: sa.Select[Any] = sa.select(*(columns[name] for name in Objection._fields))
    rows = conn.execute(wanted.where(columns.card == card).order_by(columns.number))
    return [Objection._make(row) for row in rows]


def waiting(conn: sa.Connection, plan: str) -> list[Objection]:
    """Return the objections to cards of `plan` that nobody has decided, oldest first."""
    columns = OBJECTIONS.c
    wanted: sa.Select[Any] = sa.select(*(columns[name] for name in Objection._fields))
    wanted = wanted.join(CARDS, CARDS.c.id == columns.card).where(CARDS.c.plan == plan)
    rows = conn.execute(wanted.where(columns.outcome.is_(None)).order_by(columns.id))
    return [Objection._make(row) for row in rows]


def objection_id(card: str, number: int) -> str:
    """Return the id of the `number`-th objection to a card."""
    return f"{card}#objection-{number}"


def _cards(conn: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Card]:
    wanted: sa.Select[Any] = sa.select(*(CARDS.c[name] for name in Card._fields)).where(*where)
    return [Card._make(row) for row in conn.execute(wanted.order_by(CARDS.c.id))]
