"""Which rung of the ladder is due today, and who is told of it."""

from __future__ import annotations

import hashlib
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from catalog.dates.days import A_DAY
from catalog.duties import quota
from catalog.duties.standing import stopped
from catalog.ladder.timeline import timeline

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from catalog.dates.workdays import Workdays
    from catalog.duties.standing import Facts
    from catalog.ladder.timeline import Step, Timeline

When = Literal["open", "unsigned", "due", "pace"]
Role = Literal["performer", "lead", "participants", "office", "lead.head", "responsible"]
Form = Literal["notice", "slip"]

NAME = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"


class Rung(BaseModel):
    """One step of a ladder.

    `when` and `days` say on which day it falls: `open` the day the duty opens, `unsigned` so many
    working days later without acknowledgement, `due` so many days after (before, when negative)
    the due date, `pace` the last day of each quarter on which a quota lags. `every` repeats a rung
    after the due date each so many days. A `slip` is drafted for release by a person, and its
    `light` is its colour.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str = Field(pattern=NAME)
    when: When
    days: int = 0
    every: int | None = Field(default=None, ge=1)
    to: tuple[Role, ...] = Field(min_length=1)
    form: Form = "notice"
    light: Literal["amber", "red"] | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        unsigned = self.when == "unsigned"
        if (unsigned and self.days < 1) or (self.when in ("open", "pace") and self.days):
            raise PydanticCustomError("plan_rung_days", "days do not fit")
        if self.every and (self.when != "due" or self.days < 1):
            raise PydanticCustomError("plan_rung_every", "only a rung after the due date repeats")
        if (self.form == "slip") != (self.light is not None):
            raise PydanticCustomError("plan_rung_light", "a slip has a light, a notice has none")
        return self


class Ladder(BaseModel):
    """Rungs from the mildest to the gravest: of several due on one day the last is told."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    rungs: tuple[Rung, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        names = [rung.name for rung in self.rungs]
        for name in names:
            if names.count(name) > 1:
                raise PydanticCustomError("plan_rung_twice", "{name} twice", {"name": name})
        return self

    @cached_property
    def digest(self) -> str:
        """What a duty keeps of the ladder it was born under."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    def __hash__(self) -> int:
        return hash(self.digest)


# Rules 3. The repetition stands below the slips, so that a catch-up never swallows a slip.
DEFAULT_LADDER = Ladder(
    rungs=(
        Rung(name="issue", when="open", to=("performer", "lead", "participants")),
        Rung(name="unsigned-5", when="unsigned", days=5, to=("performer",)),
        Rung(name="unsigned-10", when="unsigned", days=10, to=("performer", "office")),
        Rung(name="before-30", when="due", days=-30, to=("performer",)),
        Rung(name="before-7", when="due", days=-7, to=("performer", "lead")),
        Rung(name="before-1", when="due", days=-1, to=("performer",)),
        Rung(name="behind", when="pace", to=("performer", "lead")),
        Rung(name="late-1", when="due", days=1, to=("performer", "lead")),
        Rung(
            name="late-every-15",
            when="due",
            days=30,
            every=15,
            to=("performer", "lead", "office"),
        ),
        Rung(
            name="late-7",
            when="due",
            days=7,
            to=("lead.head", "office"),
            form="slip",
            light="amber",
        ),
        Rung(
            name="late-15",
            when="due",
            days=15,
            to=("responsible", "office"),
            form="slip",
            light="red",
        ),
    ),
)


class Told(NamedTuple):
    """A role that is told, and whether by a notice or by a slip drafted for release."""

    role: Role
    form: Form


class Look(NamedTuple):
    """What looking at a duty found.

    `rung` is the key of the gravest rung due, None when none is; `coalesced` are the keys of the
    milder ones it stands for, mildest first; `to` are all whom any of them names, once each.
    `next_on` is the next day on which a rung may fall, None when none will unless a fact changes.
    """

    rung: str | None
    coalesced: tuple[str, ...]
    to: tuple[Told, ...]
    next_on: date | None


@lru_cache(maxsize=4096)  # duties of one period and party list stand alike
def look(
    ladder: Ladder, workdays: Workdays, facts: Facts, *, told_through: date | None, today: date
) -> Look:
    """Return which rungs have fallen due after `told_through` and up to `today` (rules 2, 3).

    Days before the due date roll back to a working day, days after it forward; no rung lies
    before the opening. A duty that is waived, closed, suspended or under review is left alone:
    the deed that ends this sets `told_through` to its own day.
    """
    if stopped(facts, today):
        return Look(None, (), (), None)
    after = told_through or facts.opens_on - A_DAY
    has_quota = facts.quota_min is not None
    line = timeline(ladder, workdays, facts.opens_on, facts.due_on, has_quota=has_quota)
    fallen = [step for step in line.between(after, today) if _holds(step, facts, today)]
    next_on = _next_on(line, facts, today)
    if not fallen:
        return Look(None, (), (), next_on)
    *milder, gravest = sorted(fallen, key=attrgetter("rank"))
    coalesced = tuple(step.key for step in milder)
    return Look(gravest.key, coalesced, _told(gravest.rung, milder), next_on)


def rung_of(ladder: Ladder, key: str) -> Rung:
    """Return the rung that a key (`late-every-15:45`) is an occurrence of; KeyError if none is."""
    name = key.partition(":")[0]
    for rung in ladder.rungs:
        if rung.name == name:
            return rung
    raise KeyError(key)


def _holds(step: Step, facts: Facts, today: date) -> bool:
    if step.rung.when == "unsigned":
        return facts.acknowledged_on is None or facts.acknowledged_on > today
    if step.pace_on is None or facts.quota_min is None:
        return True
    return quota.behind(
        facts.quota_min, facts.delivered, facts.opens_on, facts.due_on, today=step.pace_on
    )


def _next_on(line: Timeline, facts: Facts, today: date) -> date | None:
    signed = facts.acknowledged_on is not None
    later = line.later(today)
    return min((s.day for s in later if not (signed and s.rung.when == "unsigned")), default=None)


def _told(gravest: Rung, milder: Sequence[Step]) -> tuple[Told, ...]:
    """Return every role a rung names, in the form of the gravest where that names it.

    The office releases slips, so it is told by a notice that a draft waits.
    """
    slipped = set(gravest.to) - {"office"} if gravest.form == "slip" else set()
    rungs = (gravest, *(step.rung for step in reversed(milder)))
    roles = dict.fromkeys(role for rung in rungs for role in rung.to)
    return tuple(Told(role, "slip" if role in slipped else "notice") for role in roles)
