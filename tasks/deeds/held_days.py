"""Days on which a meeting or an item of a quota was held, or is to be held."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from catalog.duties import quota

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.duties.duties import Duty
    from tasks.act import Act


def is_single_meeting(duty: Duty) -> bool:
    """Tell whether it is a meeting without a quota, which is held once and then filed."""
    return duty.kind == "meeting" and duty.quota_min is None


def held_on(duty: Duty, act: Act, fields: Mapping[str, Any]) -> dt.date | None:
    """Return the day in the fields of a deed; that of a single meeting is today by default."""
    if "held_on" in fields and is_single_meeting(duty):
        return fields["held_on"] or act.on
    day = fields.get("held_on") or fields.get("done_on")
    return day if isinstance(day, dt.date) else None


def facts(duty: Duty, act: Act, fields: Mapping[str, Any]) -> dict[str, bool]:
    """Return what the table of rights asks about these days (catalog.duties.refusal.Case)."""
    day, planned = held_on(duty, act, fields), fields.get("day")
    first, last = _days(duty)
    return {
        "is_meeting": duty.kind in {"meeting", "event"},
        "planned": duty.planned_on is not None,
        "dayless": day is not None and not is_single_meeting(duty),
        "ahead": day is not None and day > act.on,
        "past": planned is not None and planned < act.on,
        "outside": any(
            d and not first <= d <= last for d in (day, planned, fields.get("last_day"))
        ),
    }


def values(duty: Duty, act: Act, fields: Mapping[str, Any]) -> dict[str, object]:
    """Return the days that a refusal names: the one given, today, and those of the period."""
    day = held_on(duty, act, fields) or fields.get("day")
    since, until = _days(duty)
    planned = fields.get("day") is not None and until < dt.date.max
    return {
        "day": day,
        "on": act.on,
        "since": since,
        "until": until if planned else min(until, act.on),
    }


def _days(duty: Duty) -> tuple[dt.date, dt.date]:
    """Return the first and the last day; one past or that does not recur takes a late day, too."""
    if duty.period == "once" or duty.past_on is not None:
        return duty.covers_from or duty.opens_on, dt.date.max
    covers = (duty.covers_from, duty.covers_until)
    return quota.item_days(duty.opens_on, duty.due_on, *covers, duty.extensions)
