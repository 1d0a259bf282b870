"""Words for a planned meeting or event: its days and times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.wording import say, spell

if TYPE_CHECKING:
    from ledger.duties.meetings import Planning


def when(lang: str, planning: Planning) -> str:
    """Return its days and times, `2014年6月20日 09:00–11:30`; a proposed day is called so."""
    first = " ".join(filter(None, (spell(lang, planning.planned_on), planning.starts_at)))
    last = spell(lang, planning.ends_on) if planning.ends_on > planning.planned_on else ""
    last = " ".join(filter(None, (last, planning.ends_at)))
    words = f"{first}–{last}" if last else first
    return say(lang, "invitation.tentative", when=words) if planning.tentative else words
