"""Scorecards (考核): announced by the office, objected to, and decided."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from catalog.clean import typed
from catalog.errors import ConflictError, NotFoundError
from ledger.people import agencies, users
from ledger.post import contacts
from ledger.proof import chain
from ledger.reports import scorecards
from ledger.store.changes import Change
from tasks.in_force import in_force
from tasks.post.tidings import News, herald
from tasks.reports.deciders import BYSTANDERS, require_no_stake, require_office
from tasks.reports.scorecard_figures import count_cards

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.reports.scorecards import Card, Objection
    from ledger.session import Connection, Ledger
    from tasks.act import Act

Outcome = Literal["upheld", "refused"]


def announce(ledger: Ledger, plan: str, year: int, act: Act) -> list[Card]:
    """Freeze today's scorecards of `year`, and send each agency its own; return them.

    From this day each agency may object for as long as the plan allows. NotFoundError for a year
    outside the plan's term, ConflictError while the year lasts or if it was announced already.
    """
    with ledger.transaction() as tx:
        require_office(tx.conn, plan, act, "announce-cards")
        edition = in_force(tx.conn, plan).plan
        if not edition.starts_on.year <= year <= edition.closes_on.year:
            raise NotFoundError("year-outside", year=year, plan=plan)
        last = dt.date(year, 12, 31)
        if act.on <= last:
            raise ConflictError("cards-early", year=year, on=last)
        before = scorecards.of_year(tx.conn, plan, year)
        if before:
            on = next(iter(before.values())).announced_on
            raise ConflictError("cards-announced", year=year, on=on)
        cards = count_cards(tx.conn, plan, year, on=act.on)
        rows = []
        for agency, card in cards.items():
            values = {
                "plan": plan,
                "year": year,
                "agency": agency,
                "on": card.on,
                "data": chain.canonical(card.model_dump()),
                "entries": card.entries,
                "head": card.head,
                "announced_on": act.on,
                "announced_by": act.user,
                "objections_until": act.on + dt.timedelta(card.formula.objection_days),
            }
            rows.append(Change("cards", scorecards.card_id(plan, year, agency), values, "insert"))
        news = [News("card", scorecards.card_id(plan, year, agency), [agency]) for agency in cards]
        rows += herald(tx, plan, act, news, sender=ledger.settings.sender)
        note = {"on": act.on}
        subject = f"{plan}/{year}"
        tx.record("cards-announced", subject, changes=rows, note=note, at=act.at, actor=act.user)
        return list(scorecards.of_year(tx.conn, plan, year).values())


def object_to(
    ledger: Ledger, plan: str, year: int, agency: str, act: Act, *, duty: str, text: str
) -> int:
    """Object to the points of a duty on the agency's scorecard; return the objection's number.

    Open to the agency or the present holder of its measure, during the objection period, once a
    duty, and only if the duty lost points. ConflictError names the rule that refuses.
    """
    text = typed(text, "text")
    with ledger.transaction() as tx:
        card = scorecards.one(tx.conn, plan, year, agency)
        _may_object(tx.conn, card, duty, act)
        if act.on > card.objections_until:
            raise ConflictError("objection-late", until=card.objections_until)
        if not text:
            raise ConflictError("rule-needs-text", deed="object", key=card.id, user=act.user)
        before = scorecards.objections(tx.conn, card.id)
        if any(objection.duty == duty for objection in before):
            raise ConflictError("objection-twice", key=duty)
        number = len(before) + 1
        values = {
            "card": card.id,
            "number": number,
            "duty": duty,
            "text": text,
            "raised_on": act.on,
            "raised_by": act.user,
        }
        row = Change("objections", scorecards.objection_id(card.id, number), values, "insert")
        note = {"on": act.on, "number": number}
        tx.record("card-objected", card.id, changes=[row], note=note, at=act.at, actor=act.user)
        return number


def decide(
    ledger: Ledger,
    card: str,
    number: int,
    act: Act,
    *,
    outcome: Outcome,
    answer: str,
) -> None:
    """Decide an objection and notify the agency; an upheld one takes its duty off the scorecard.

    ConflictError if it is decided already, and without an answer.
    """
    answer = typed(answer, "text")
    with ledger.transaction() as tx:
        objection = _objection(tx.conn, card, number)
        plan, _, agency = card.split("/")
        require_office(tx.conn, plan, act, "decide-objection")
        require_no_stake(tx.conn, act, agency, by=objection.raised_by)
        if not answer:
            raise ConflictError("rule-needs-text", deed="decide", key=card, user=act.user)
        values = {
            "decided_on": act.on,
            "decided_by": act.user,
            "outcome": outcome,
            "answer": answer,
        }
        row = Change("objections", objection.id, values, expected={"outcome": None})
        news = [News("objection", objection.id, [agency])]
        notices = herald(tx, plan, act, news, sender=ledger.settings.sender)
        note = {"on": act.on, "number": number, "outcome": outcome}
        tx.record(
            "objection-decided", card, changes=[row, *notices], note=note, at=act.at, actor=act.user
        )


def upheld(objections: Iterable[Objection]) -> frozenset[str]:
    """Return the duties that upheld objections have taken off the scorecard."""
    return frozenset(objection.duty for objection in objections if objection.outcome == "upheld")


def _may_object(conn: Connection, card: Card, duty: str, act: Act) -> None:
    actors = users.acting_for(conn, act.user, act.on)
    line = next((line for line in card.figures.lines if line.key == duty), None)
    if line is None or line.points is None or line.points >= card.figures.formula.on_time:
        raise ConflictError("objection-of-what", key=duty)
    heir = agencies.heirs(conn).of(card.agency, card.plan, line.measure)
    own = {actor.agency for actor in actors if actor.role not in BYSTANDERS}
    if not own & {card.agency, heir}:
        name = contacts.agencies(conn)[card.agency].name
        raise ConflictError("objection-of-another", agency=name)


def _objection(conn: Connection, card: str, number: int) -> Objection:
    objections = scorecards.objections(conn, card)
    objection = next((o for o in objections if o.number == number), None)
    if objection is None:
        raise NotFoundError("objection-unknown", number=number)
    if objection.outcome is not None:
        raise ConflictError("objection-decided", number=number, on=objection.decided_on)
    return objection
