"""Questions about a tracker's cells, and remarks on how a cell was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from catalog.trackers.columns import Role


class Doubt(NamedTuple):
    """A question about the words `text` of a cell, which a person must answer.

    `key` names its text in the wording, under `tracker-doubt`. `readings` are the answers it
    offers; an answer is read in place of `text`, and an empty one leaves it out.
    """

    place: str
    role: Role
    key: str
    text: str
    readings: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The id that its answer is given by."""
        return f"{self.place} {self.role} {self.text}"


class Remark(NamedTuple):
    """How a cell was read where that is not plain: `key` under `tracker-remark` in the wording."""

    place: str
    role: Role
    key: str
    text: str
    reading: str = ""
