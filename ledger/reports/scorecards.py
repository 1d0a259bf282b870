"""Announced scorecards (考核) and the objections to them."""

from __future__ import annotations

import sqlalchemy as sa

from catalog.errors import NotFoundError
from catalog.reports.scorecard import CardFigures
from ledger.store.rows import rows
from ledger.tables import TABLES
from ledger.tables.reports import CardBase, Objection

__all__ = ["Objection"]

CARDS = TABLES["cards"]
OBJECTIONS = TABLES["objections"]


class Card(CardBase):
    """An announced scorecard; the columns of `cards`."""

    @property
    def figures(self) -> CardFigures:
        """The frozen figures."""
        return CardFigures.model_validate_json(self.data)


def card_id(plan: str, year: int, agency: str) -> str:
    """Return the id of the one card of an agency and year."""
    return f"{plan}/{year}/{agency}"


def one(conn: sa.Connection, plan: str, year: int, agency: str) -> Card:
    """Return the card of this agency and year; raises NotFoundError."""
    cards = _cards(conn, CARDS.c.id == card_id(plan, year, agency))
    if not cards:
        raise NotFoundError("card-unknown", agency=agency, year=year)
    return cards[0]


def of_year(conn: sa.Connection, plan: str, year: int) -> dict[str, Card]:
    """Return the cards announced for this year, by agency."""
    return {card.agency: card for card in _cards(conn, CARDS.c.plan == plan, CARDS.c.year == year)}


def objections(conn: sa.Connection, card: str) -> list[Objection]:
    """Return the objections to a card, oldest first."""
    columns = OBJECTIONS.c
    query = sa.select(OBJECTIONS)
    return rows(conn, query.where(columns.card == card).order_by(columns.number), Objection)


def waiting(conn: sa.Connection, plan: str) -> list[Objection]:
    """Return the undecided objections to cards of `plan`, oldest first."""
    columns = OBJECTIONS.c
    query = sa.select(OBJECTIONS)
    query = query.join(CARDS, CARDS.c.id == columns.card).where(CARDS.c.plan == plan)
    return rows(conn, query.where(columns.outcome.is_(None)).order_by(columns.id), Objection)


def objection_id(card: str, number: int) -> str:
    """Return the id of the `number`-th objection to a card."""
    return f"{card}#objection-{number}"


def _cards(conn: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Card]:
    query = sa.select(CARDS).where(*where)
    return rows(conn, query.order_by(CARDS.c.id), Card)
