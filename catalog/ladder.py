"""Which rung of the ladder is due today, and who is told of it."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

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

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=NAME)
    when: When
    days: int = 0
    every: int | None = Field(default=None, ge=1)
    to: tuple[Role, ...] = Field(min_length=1)
    form: Form = "notice"
    light: Literal["amber", "red"] | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.when == "unsigned" and self.days < 1:
            raise ValueError("an unsigned rung counts one working day or more")
        if self.when in ("open", "pace") and self.days:
            raise ValueError(f"a rung on {self.when} takes no days")
        if self.every and (self.when != "due" or self.days < 1):
            raise ValueError("only a rung after the due date repeats")
        if (self.form == "slip") != (self.light is not None):
            raise ValueError("a slip has a light, a notice has none")
        return self


class Ladder(BaseModel):
    """Rungs from the mildest to the gravest: of several due on one day the last is told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rungs: tuple[Rung, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        names = [rung.name for rung in self.rungs]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"two rungs are named {min(twice)}")
        return self


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
