"""Ladders and rungs as plans declare them, and the default ladder."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from catalog.ladder.between import Each
from catalog.role_names import Addressee

When = Literal["open", "unsigned", "due", "pace", "progress", "silent"]
Form = Literal["notice", "slip"]

NAME = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"


class Rung(BaseModel):
    """One step of a ladder.

    `when` and `days` say on which day it falls: `open` the day the duty opens, `unsigned` so many
    working days later without acknowledgement, `due` so many days after (before, when negative)
    the due date, `pace` the last day of each quarter on which a quota lags, `progress` the last day
    of `each` period of a long duty in which nobody reported any, `silent` so many working days
    after such a rung without a word. `every` repeats a rung after the due date each so many days,
    `together` on the next gathering day (`timeline.py`), so that the repeats of many duties share
    their letters. A `slip` is drafted for release by a person, its `light` is its colour, and
    `copy_to` are those whom the released slip is copied to (抄送).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str = Field(pattern=NAME)
    when: When
    days: int = 0
    every: int | None = Field(default=None, ge=1)
    # A ladder without this field keeps its text, and so its digest.
    together: bool = Field(default=False, exclude_if=lambda value: not value)
    each: Each | None = Field(default=None, exclude_if=lambda value: value is None)
    to: tuple[Addressee, ...] = Field(min_length=1)
    form: Form = "notice"
    light: Literal["amber", "red"] | None = None
    # A ladder without copies keeps its text, and so its digest.
    copy_to: tuple[Addressee, ...] = Field(default=(), exclude_if=lambda value: not value)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        counts = self.when in ("unsigned", "silent")
        if (counts and self.days < 1) or (self.days and not counts and self.when != "due"):
            raise PydanticCustomError("plan-rung-days", "days do not fit")
        if (self.each is None) == (self.when == "progress"):
            raise PydanticCustomError("plan-rung-each", "only a rung of progress has its periods")
        if self.every and (self.when != "due" or self.days < 1):
            raise PydanticCustomError("plan-rung-every", "only a rung after the due date repeats")
        if self.together and not self.every:
            raise PydanticCustomError("plan-rung-together", "only a rung that repeats is gathered")
        if (self.form == "slip") != (self.light is not None):
            raise PydanticCustomError("plan-rung-light", "a slip has a light, a notice has none")
        if self.copy_to and self.form != "slip":
            raise PydanticCustomError("plan-rung-copy", "only a slip is copied")
        return self


class Ladder(BaseModel):
    """Rungs from the mildest to the gravest: of several due on one day the last counts."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    rungs: tuple[Rung, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        names = [rung.name for rung in self.rungs]
        for name in names:
            if names.count(name) > 1:
                raise PydanticCustomError("plan-rung-twice", "{name} twice", {"name": name})
        return self

    @model_validator(mode="after")
    def _silence_follows_an_inquiry(self) -> Self:
        if not self.asks and any(rung.when == "silent" for rung in self.rungs):
            raise PydanticCustomError("plan-rung-silent", "no rung asks for progress")
        return self

    @property
    def asks(self) -> bool:
        """True if one of its rungs asks for progress between opening and due date."""
        return any(rung.when == "progress" for rung in self.rungs)

    @cached_property
    def digest(self) -> str:
        """The fingerprint that a duty keeps of the ladder it was created under."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    def __hash__(self) -> int:
        return hash(self.digest)


# docs/rules.md, The ladder. The repetition stands below the slips, so that a catch-up never
# swallows a slip.
DEFAULT_LADDER = Ladder(
    rungs=(
        Rung(name="issue", when="open", to=("performer", "lead", "participants")),
        Rung(name="unsigned-5", when="unsigned", days=5, to=("performer",)),
        Rung(name="unsigned-10", when="unsigned", days=10, to=("performer", "office")),
        Rung(name="progress", when="progress", each="quarterly", to=("performer",)),
        Rung(name="silent-10", when="silent", days=10, to=("performer", "lead")),
        Rung(name="silent-20", when="silent", days=20, to=("performer.head", "office")),
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
            together=True,
            to=("performer", "lead", "office"),
        ),
        Rung(
            name="late-7",
            when="due",
            days=7,
            to=("performer.head", "office"),
            form="slip",
            light="amber",
            copy_to=("lead",),
        ),
        Rung(
            name="late-15",
            when="due",
            days=15,
            to=("performer.leader", "performer.head", "office"),
            form="slip",
            light="red",
            copy_to=("lead.head",),
        ),
    ),
)


def rung_of(ladder: Ladder, key: str) -> Rung:
    """Return the rung of an occurrence's key (`late-every-15:45`); KeyError if there is none."""
    name = key.partition(":")[0]
    for rung in ladder.rungs:
        if rung.name == name:
            return rung
    raise KeyError(key)
