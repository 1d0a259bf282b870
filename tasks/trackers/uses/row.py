"""A row of a tracker in a use: what becomes of it, and what must be asked first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.trackers.line import Line
    from ledger.duties.duties import Duty

OMIT = "-"  # the answer that leaves the words of a cell out

AskKind = Literal["agency", "day", "duty", "outcome", "recurrence", "text"]


class Ask(NamedTuple):
    """A question about a row, or a value that a person may correct.

    `id` names its answer, `key` its text in the wording, `text` the words of the cell it is about,
    `place` where they stand. `readings` are offered as answers; `value` is the present one. A
    question that `omits` may be answered by OMIT.
    """

    id: str
    kind: AskKind
    key: str
    text: str = ""
    place: str = ""
    readings: tuple[str, ...] = ()
    value: str = ""
    omits: bool = False


class Said(NamedTuple):
    """One sentence about a row: the key of its text in the wording, and what it is filled with."""

    key: str
    values: Mapping[str, Any]


class Row(NamedTuple):
    """A line of the tracker in a use.

    `asks` must be answered before it is taken; `fields` may be corrected. `deed` is what becomes
    of it, None while something is asked or where it is left out: `omission` is the key of the
    reason. `notes` are remarks that the person must see.
    """

    line: Line
    duty: Duty | None = None
    asks: tuple[Ask, ...] = ()
    fields: tuple[Ask, ...] = ()
    deed: Any = None
    omission: str = ""
    notes: tuple[Said, ...] = ()

    @property
    def state(self) -> Literal["asked", "left", "ready"]:
        """What the row waits for."""
        if self.omission:
            return "left"
        return "asked" if self.asks else "ready"


def own(line: Line, name: str) -> str:
    """Return the id of an answer about the whole line."""
    return f"{line.place}#{name}"
