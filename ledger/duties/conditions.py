"""Conditions on duties, built from plain values so that the floors above need no SQL.

`&`, `|` and `~` combine them; those on the standing on a day are in `standing_in_sql`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger.store import distinct_values
from ledger.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

Condition = sa.ColumnElement[bool]

DUTIES = TABLES["duties"]
_C = DUTIES.c

EVERY: Condition = sa.true()
OPENED: Condition = _C.opened_on.is_not(None)
UNCLOSED: Condition = _C.closed_on.is_(None)
# Neither ended nor past: what still has to be done, as far as this ledger tells.
UNFINISHED: Condition = UNCLOSED & _C.waived_on.is_(None) & _C.past_on.is_(None)
UNSETTLED: Condition = UNCLOSED & _C.waived_on.is_(None) & _C.past_on.is_not(None)
UNACKNOWLEDGED: Condition = _C.acknowledged_on.is_(None)
# All but the past that nobody has settled: what charts, figures and papers count.
COUNTED: Condition = _C.past_on.is_(None) | _C.closed_on.is_not(None) | _C.waived_on.is_not(None)
WITH_QUOTA: Condition = _C.quota_min.is_not(None)
# The performer was asked for progress, and nobody has said a word since.
UNREPORTED: Condition = _C.asked_on.is_not(None) & (
    _C.spoken_on.is_(None) | (_C.spoken_on < _C.asked_on)
)
# The office's turn to review: the lead performs the duty itself, or has accepted it.
PAST_LEAD: Condition = (_C.lead == _C.performer) | _C.accepted_on.is_not(None)


def any_of(*conditions: Condition) -> Condition:
    """Return the condition for duties that meet one of `conditions`."""
    return sa.or_(sa.false(), *conditions)


def of(
    *,
    plan: str | None = None,
    measure: str | None = None,
    kind: str | None = None,
    obligation: str | None = None,
    period: str | None = None,
) -> Condition:
    """Return the condition for duties with these values; empty ones are ignored."""
    values = {
        _C.plan: plan,
        _C.measure: measure,
        _C.kind: kind,
        _C.obligation: obligation,
        _C.period: period,
    }
    return sa.and_(sa.true(), *(column == value for column, value in values.items() if value))


def of_keys(keys: Collection[str]) -> Condition:
    """Return the condition for the duties of these keys."""
    return _C.key.in_(keys)


def of_obligations(obligations: Collection[str]) -> Condition:
    """Return the condition for duties of one of `obligations`, in any plan."""
    return _C.obligation.in_(obligations)


def open_by(day: date) -> Condition:
    """Return the condition for duties that are open by the end of `day`, once it is swept."""
    return OPENED | UNFINISHED & (_C.opens_on <= day)


def of_measures(measures: Collection[str]) -> Condition:
    """Return the condition for duties of one of `measures`; of all where there are none."""
    return _C.measure.in_(measures) if measures else sa.true()


def silent_since(day: date) -> Condition:
    """Return the condition for duties open on `day` and without a word after it."""
    return (_C.spoken_on <= day) | (_C.spoken_on.is_(None) & (_C.opens_on <= day))


def due_on(day: date) -> Condition:
    """Return the condition for duties due on `day`."""
    return _C.due_on == day


def due_between(first: date, last: date) -> Condition:
    """Return the condition for duties due from `first` to `last`, both included."""
    return _C.due_on.between(first, last)


def due_from(first: date) -> Condition:
    """Return the condition for duties due on `first` or later."""
    return _C.due_on >= first


def due_in_year(year: int) -> Condition:
    """Return the condition for duties due in `year`."""
    return sa.extract("year", _C.due_on) == year


def opened_between(first: date, last: date) -> Condition:
    """Return the condition for duties that a sweep opened from `first` to `last`."""
    return _C.opened_on.between(first, last)


def begun(on: date) -> Condition:
    """Return the condition for duties that open by `on`, or were suspended before opening."""
    return (_C.opens_on <= on) | _C.suspended_on.is_not(None)


def led_by(agencies: Collection[str]) -> Condition:
    """Return the condition for duties that one of `agencies` leads."""
    return _C.lead.in_(agencies)


def performed_by(agencies: Collection[str]) -> Condition:
    """Return the condition for duties that one of `agencies` performs."""
    return _C.performer.in_(agencies)


def answered_by(agencies: Collection[str]) -> Condition:
    """Return the condition for duties that one of `agencies` leads or performs."""
    return led_by(agencies) | performed_by(agencies)


def concerning(agencies: Collection[str]) -> Condition:
    """Return the condition for duties that one of `agencies` leads, performs or takes part in.

    Where each party of an obligation has a duty of its own, none takes part in another's, whatever
    their rows say. Many duties have the same participants, so each distinct list is searched once.
    """
    lists = distinct_values.values(_C.participants).subquery()
    names = sa.type_coerce(lists.c.value, sa.Text)  # a JSON list of ids
    among = any_of(*(names.contains(f'"{agency}"', autoescape=True) for agency in agencies))
    takes_part = _C.participants.in_(sa.select(lists.c.value).where(among))
    fanned_out = _C.party.is_not(None)
    own = sa.select(_C.plan, _C.obligation).where(fanned_out, performed_by(agencies))
    sister = fanned_out & sa.tuple_(_C.plan, _C.obligation).in_(own)
    return answered_by(agencies) | takes_part & ~sister


def planned(since: date, until: date) -> Condition:
    """Return the condition for what is planned for a day from `since` to `until`."""
    return _C.planned_on.between(since, until) & _C.waived_on.is_(None)


def titled(titles: Collection[str]) -> Condition:
    """Return the condition for duties of one of these titles."""
    return _C.title.in_(titles)


def key_contains(part: str) -> Condition:
    """Return the condition for duties whose key contains `part`, given in lower case."""
    return sa.func.lower(_C.key).contains(part, autoescape=True)
