"""Words for a planned meeting or event: its days and times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.wording import say, spell
from ledger.duties import meetings

if TYPE_CHECKING:
    from ledger.duties.meetings import Planning
    from ledger.session import Connection


def when(lang: str, planning: Planning) -> str:
    """Return its days and times, `2014年6月20日 09:00–11:30`; a proposed day is called so."""
    first = " ".join(filter(None, (spell(lang, planning.planned_on), planning.starts_at)))
    last = spell(lang, planning.ends_on) if planning.ends_on > planning.planned_on else ""
    last = " ".join(filter(None, (last, planning.ends_at)))
    words = f"{first}–{last}" if last else first
    return say(lang, "invitation.tentative", when=words) if planning.tentative else words


def day_change(
    conn: Connection, duty: str, number: int | None, lang: str
) -> tuple[str, str] | None:
    """Return the days of planning `number` and of the last one if the meeting moved since.

    Another meeting of the same duty has not moved, nor has one that got its time later.
    """
    former = meetings.numbered(conn, duty, number) if number is not None else None
    last = meetings.planning(conn, duty)
    if former is None or last is None or former.uid != last.uid:
        return None
    is_other_time = former.starts_at is not None and former.starts_at != last.starts_at
    same_days = (former.planned_on, former.ends_on) == (last.planned_on, last.ends_on)
    return None if same_days and not is_other_time else (when(lang, former), when(lang, last))
