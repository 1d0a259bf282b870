"""The scorecard of an agency's year (考核): a line a duty, and its sums."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from pydantic import BaseModel, ConfigDict

from catalog.duties.outcome import COUNTED, Outcome
from catalog.plans.score_formula import ROLES, Formula
from catalog.role_names import AgencyRole

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CardLine(_Frozen):
    """A duty on a card: its performer, the agency's role in it, its outcome and points.

    `days` it was late or is overdue; `extensions` are those granted, which cost nothing. There are
    no points for what does not count, and none for a participant.
    """

    key: str
    title: str
    measure: str
    performer: str
    role: AgencyRole
    due_on: date
    outcome: Outcome
    days: int
    extensions: int
    points: int | None


class CardFigures(_Frozen):
    """An agency's year: every duty due in it in which the agency had a part, as known on `on`.

    `entries` and `head` are the end of the history it was counted from.
    """

    plan: str
    title: str
    office: str
    year: int
    agency: str
    name: str
    on: date
    entries: int
    head: str
    formula: Formula
    lines: tuple[CardLine, ...]

    def formula_in_words(self, language: str) -> str:
        """Return the formula by which the card was counted, as sentences."""
        scored = any(line.role == "participant" and line.points is not None for line in self.lines)
        return self.formula.in_words(language, participants=scored)


class Part(NamedTuple):
    """An agency's duties in one role: the counts, and the mean points to two decimals."""

    role: AgencyRole
    weight: int
    due: int
    on_time: int
    late: int
    undone: int
    uncounted: int
    extended: int
    points: Decimal | None


class Result(NamedTuple):
    """The sums of a card: a part a role, and the score to two decimals; None: nothing counts."""

    parts: tuple[Part, ...]
    score: Decimal | None


def result(card: CardFigures, *, without: Collection[str] = ()) -> Result:
    """Return the sums of `card` without the duties `without`, whose objections were upheld."""
    lines = [line for line in card.lines if line.key not in without]
    parts = tuple(_part(role, lines, card.formula) for role in ROLES)
    pairs = ((part.weight, _mean(lines, part.role)) for part in parts)
    means = [(weight, mean) for weight, mean in pairs if mean is not None and weight]
    total = sum(weight for weight, _ in means)
    if not total:
        return Result(parts, None)
    return Result(
        parts, _rounded(sum((weight * mean for weight, mean in means), Fraction()) / total)
    )


def _part(role: AgencyRole, lines: Iterable[CardLine], formula: Formula) -> Part:
    lines = [line for line in lines if line.role == role]
    outcomes = [line.outcome for line in lines]
    mean = _mean(lines, role)
    weighs = role != "participant" or mean is not None
    return Part(
        role=role,
        weight=getattr(formula, role) if weighs else 0,
        due=len(lines),
        on_time=outcomes.count("on-time"),
        late=outcomes.count("late"),
        undone=outcomes.count("overdue") + outcomes.count("not-done"),
        uncounted=sum(outcome not in COUNTED for outcome in outcomes),
        extended=sum(line.extensions > 0 for line in lines),
        points=None if mean is None else _rounded(mean),
    )


def _mean(lines: Iterable[CardLine], role: AgencyRole) -> Fraction | None:
    points = [line.points for line in lines if line.role == role and line.points is not None]
    return Fraction(sum(points), len(points)) if points else None


def _rounded(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
