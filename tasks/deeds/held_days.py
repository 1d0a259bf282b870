"""Days that people name: of doing, or on which a meeting or an item was held, or is to be."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from catalog.duties import quota
from ledger.duties import duties

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.duties.duties import Duty
    from ledger.session import Connection
    from tasks.act import Act


def is_single_meeting(duty: Duty) -> bool:
    """Tell whether it is a meeting without a quota, which is held once and then filed."""
    return duty.kind == "meeting" and duty.quota_min is None


def held_on(duty: Duty, act: Act, fields: Mapping[str, Any]) -> dt.date | None:
    """Return the day in the fields of a deed; that of a single meeting is today by default."""
    if "held_on" in fields and is_single_meeting(duty):
        return fields["held_on"] or fields.get("done_on") or act.on
    day = fields.get("held_on")
    return day if isinstance(day, dt.date) else None


def done_on(conn: Connection, duty: Duty, act: Act, fields: Mapping[str, Any]) -> dt.date:
    """Return the day of doing that a filing states (docs/rules.md, The day of doing).

    That of a single meeting is the day it was held. Where none is named it is the day on which the
    quota was full, or else today.
    """
    if is_single_meeting(duty):
        return held_on(duty, act, fields) or act.on
    return fields.get("done_on") or duties.reached_on(conn, duty) or act.on


def facts(conn: Connection, duty: Duty, act: Act, fields: Mapping[str, Any]) -> dict[str, bool]:
    """Return what the table of rights asks about these days (catalog.duties.refusal.Case)."""
    held, done, planned = held_on(duty, act, fields), _done(act, fields), fields.get("day")
    first, last = _days(conn, duty, fields)
    return {
        "is_meeting": duty.kind in {"meeting", "event"},
        "planned": duty.planned_on is not None,
        "dayless": held is not None and not is_single_meeting(duty),
        "ahead": any(day is not None and day > act.on for day in (held, done)),
        "past": planned is not None and planned < act.on,
        "outside": any(
            day and not first <= day <= last
            for day in (held, done, planned, fields.get("last_day"))
        ),
    }


def values(conn: Connection, duty: Duty, act: Act, fields: Mapping[str, Any]) -> dict[str, object]:
    """Return the days that a refusal names: the one given, today, and those of the period."""
    day = held_on(duty, act, fields) or _done(act, fields) or fields.get("day")
    since, until = _days(conn, duty, fields)
    planned = fields.get("day") is not None and until < dt.date.max
    return {
        "day": day,
        "on": act.on,
        "since": since,
        "until": until if planned else min(until, act.on),
    }


def _done(act: Act, fields: Mapping[str, Any]) -> dt.date | None:
    """Return the day of doing that was typed, None where it is that of the filing itself."""
    day = fields.get("done_on")
    return None if day == act.on else day


def _days(conn: Connection, duty: Duty, fields: Mapping[str, Any]) -> tuple[dt.date, dt.date]:
    """Return the first and the last day; one past or that does not recur takes a late day, too.

    A full quota was not done before the item that filled it.
    """
    covers = (duty.covers_from, duty.covers_until)
    first, last = quota.item_days(duty.opens_on, duty.due_on, *covers, duty.extensions)
    if duty.period == "once" or duty.past_on is not None:
        first, last = duty.covers_from or duty.opens_on, dt.date.max
    reached = duties.reached_on(conn, duty) if fields.get("done_on") else None
    return max(first, reached or first), last
