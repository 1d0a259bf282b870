"""The formula by which a plan scores an agency's year (考核)."""

from __future__ import annotations

from typing import Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from catalog.duties.outcome import COUNTED, Outcome
from catalog.role_names import AgencyRole
from catalog.wording import say

ROLES: tuple[AgencyRole, ...] = get_args(AgencyRole)


class Formula(BaseModel):
    """The points of a duty by what became of it, and how much each role of an agency counts.

    `undone` is for what is overdue or was closed not done. `performer` and `lead` (of what another
    performs) are weights; a role in which nothing was due leaves its weight to the other. What
    others perform costs a participant nothing: `participant` weighs only in cards announced before
    that rule. `objection_days` is how long after the announcement an agency may object.
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
            raise PydanticCustomError("plan-scorecard", "points or weights the wrong way round")
        return self

    def points(self, outcome: Outcome) -> int | None:
        """Return the points of a duty, None for one that does not count."""
        if outcome not in COUNTED:
            return None
        return {"on-time": self.on_time, "late": self.late}.get(outcome, self.undone)

    def in_words(self, language: str, *, participants: bool = False) -> str:
        """Return the formula as a sentence, in a card that scores `participants` as it was then."""
        key = "scorecard.formula-participants" if participants else "scorecard.formula"
        return say(language, key, **self.model_dump())
