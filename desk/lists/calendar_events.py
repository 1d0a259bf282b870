"""iCalendar of due dates; the due date of a waived duty is cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.web.addresses import duty_path
from tasks.letters.calendar_file import DueDate, due_dates

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from ledger.duties.duties import Duty
    from tasks.letters.letter_format import Attachment


def calendar(duties: Iterable[Duty], *, stamp: dt.datetime, base_url: str | None) -> Attachment:
    """Return the calendar of `duties` as of the instant `stamp`."""
    base = (base_url or "").rstrip("/")
    dates = (
        DueDate(
            duty.key,
            duty.due_on,
            duty.due_version,
            duty.title,
            base and base + duty_path(duty.key),
            is_off=duty.waived_on is not None,
        )
        for duty in duties
    )
    return due_dates(dates, stamp=stamp)
