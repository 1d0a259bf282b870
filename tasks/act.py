"""Act: the person who does a deed, the day and the instant."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt


class Act(NamedTuple):
    """The acting user, the calendar day in the plan's zone, and the instant in UTC."""

    user: str
    on: dt.date
    at: dt.datetime
