"""Act: the person who does a deed, the day and the instant, and whose word they pass on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt


class Relay(NamedTuple):
    """A word of `agency` that the office records; `source` names the file or letter it came in."""

    agency: str
    source: str


class Act(NamedTuple):
    """The acting user, the calendar day in the plan's zone, and the instant in UTC.

    With a `relay` the user is of the office and records what an agency reported to it
    (docs/rules.md, The life of a duty).
    """

    user: str
    on: dt.date
    at: dt.datetime
    relay: Relay | None = None
