"""Foresight of a first publication: the past, what opens, the first day's letters and slips."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.workdays import load_workdays
from catalog.duties.standing import Facts
from catalog.ladder.due import look
from catalog.ladder.rungs import rung_of
from catalog.plans.expand import expand
from catalog.plans.terms import terms
from ledger.people import agencies
from ledger.post import contacts
from tasks.plans.belonging import adopted
from tasks.post.coverage import positions
from tasks.post.directory import Directory

if TYPE_CHECKING:
    import datetime as dt

    from catalog.ladder.due import Look
    from catalog.plans.expand import DatedDuty
    from catalog.plans.model import Plan
    from catalog.plans.terms import Terms
    from ledger.session import Connection


class Foreseen(NamedTuple):
    """A duty to be: as the plan dates it, and its agencies of today."""

    dated: DatedDuty
    terms: Terms


class Foresight(NamedTuple):
    """What a first publication would bring.

    `opening` open on the start day, `ahead` open later. `letters` are the recipients of the first
    day's letters; `slips` would be drafted that day; `unreached` are the positions
    (`agency/position`) that letters will go to and that have no address.
    """

    start_on: dt.date
    past: list[Foreseen]
    opening: list[Foreseen]
    ahead: list[Foreseen]
    letters: list[str]
    slips: int
    unreached: list[str]


def foresee(conn: Connection, plan: Plan, start_on: dt.date) -> Foresight:
    """Return what the publication of `plan` would bring with this start day.

    Nothing is stored; the rungs are those of the first sweep, if that is on the start day.
    """
    plan, heirs = adopted(conn, plan), agencies.heirs(conn)
    dated = expand(plan, since=plan.issued_on, until=plan.ends_on)
    every = sorted(
        (
            Foreseen(each, terms(plan.plan, each, heirs))
            for duty in dated
            for each in heirs.apart(plan.plan, duty)
        ),
        key=lambda duty: (duty.dated.due_on, duty.dated.key),
    )
    ahead = [d for d in every if d.dated.due_on >= start_on < d.dated.opens_on]
    opening = [d for d in every if d.dated.due_on >= start_on >= d.dated.opens_on]
    looks = {duty.dated.key: _first_look(plan, duty, start_on) for duty in opening}
    book, reached = Directory(plan, {}), {"/".join(each) for each in contacts.contacts(conn)}
    letters = {
        recipient
        for duty in opening
        for to in looks[duty.dated.key].to
        if to.form == "notice"
        for recipient in book.recipients(duty.terms, to.role)
    }
    parts = [duty.terms for duty in (*opening, *ahead)]
    return Foresight(
        start_on,
        [duty for duty in every if duty.dated.due_on < start_on],
        opening,
        ahead,
        sorted(letters),
        sum(_is_slip(plan, each) for each in looks.values()),
        [position for position in positions(plan, parts) if position not in reached],
    )


def _first_look(plan: Plan, duty: Foreseen, start_on: dt.date) -> Look:
    facts = Facts(
        opens_on=start_on,
        due_on=duty.dated.due_on,
        quota_min=duty.terms.quota_min,
        covers_from=duty.dated.covers_from or duty.dated.opens_on,
        covers_until=duty.dated.covers_until,
    )
    workdays = load_workdays(plan.workdays)
    return look(plan.ladder, workdays, facts, told_through=None, today=start_on)


def _is_slip(plan: Plan, each: Look) -> bool:
    return each.rung is not None and rung_of(plan.ladder, each.rung).form == "slip"
