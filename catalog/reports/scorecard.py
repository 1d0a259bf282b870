"""How an agency's year is scored (考核): a formula that is data, and a card that shows its sums."""

from __future__ import annotations

from datetime import date  # noqa: TC003
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, NamedTuple, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from catalog.duties.outcome import COUNTED, Outcome
from catalog.wording import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

Role = Literal["performer", "lead", "participant"]
ROLES: tuple[Role, ...] = get_args(Role)


class Formula(BaseModel):
    """The points of a duty by what became of it, and how much each role of an agency counts.

    `undone` is for what is overdue or was closed not done. `performer`, `lead` (of what another
    performs) and `participant` are weights; a role in which nothing was due leaves its weight to
    the others. `objection_days` is how long after the announcement an agency may object.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    on_time: int = Field(default=100, ge=0, le=1000)
    late: int = Field(default=60, ge=0, le=1000)
    undone: int = Field(default=0, ge=0, le=1000)
    performer: int = Field(default=60, ge=0, le=1000)
    lead: int = Field(default=25, ge=0, le=1000)
    participant: int = Field(default=15, ge=0, le=1000)
    objection_days: int = Field(default=15, ge=0, le=365)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        weights = self.performer + self.lead + self.participant
        if not self.on_time >= self.late >= self.undone or not weights:
            raise PydanticCustomError("plan_scorecard", "points or weights the wrong way round")
        return self

    def points(self, outcome: Outcome) -> int | None:
        """Return the points of a duty, None for one that does not count."""
        if outcome not in COUNTED:
            return None
        return {"on-time": self.on_time, "late": self.late}.get(outcome, self.undone)

    def in_words(self, language: str) -> str:
        """Return the formula as a sentence."""
        return say(language, "scorecard.formula", **self.model_dump())


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CardLine(_Frozen):
    """A duty on a card: who performed it, the agency's role in it, what became of it, its points.

    `days` it was late or is overdue; `extensions` are those granted, which cost nothing.
    """

    key: str
    title: str
    measure: str
    performer: str
    role: Role
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


class Part(NamedTuple):
    """What an agency did in one role: the counts, and the mean points to two decimals."""

    role: Role
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
    """Return the sums of `card`; the duties `without` are left out, by objections upheld."""
    counted = [line for line in card.lines if line.key not in without]
    parts = tuple(_part(role, counted, card.formula) for role in ROLES)
    means = [(p.weight, _mean(counted, p.role)) for p in parts]
    known = [(weight, mean) for weight, mean in means if mean is not None and weight]
    total = sum(weight for weight, _ in known)
    if not total:
        return Result(parts, None)
    return Result(parts, _shown(sum((w * mean for w, mean in known), Fraction()) / total))


def _part(role: Role, lines: Iterable[CardLine], formula: Formula) -> Part:
    mine = [line for line in lines if line.role == role]
    found = [line.outcome for line in mine]
    mean = _mean(mine, role)
    return Part(
        role=role,
        weight=getattr(formula, role),
        due=len(mine),
        on_time=found.count("on-time"),
        late=found.count("late"),
        undone=found.count("overdue") + found.count("not-done"),
        uncounted=sum(outcome not in COUNTED for outcome in found),
        extended=sum(line.extensions > 0 for line in mine),
        points=None if mean is None else _shown(mean),
    )


def _mean(lines: Iterable[CardLine], role: Role) -> Fraction | None:
    points = [line.points for line in lines if line.role == role and line.points is not None]
    return Fraction(sum(points), len(points)) if points else None


def _shown(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
