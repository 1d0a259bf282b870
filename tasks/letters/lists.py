"""Lists attached to a letter: due dates as a calendar file, and duties as a workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.letters.layout import is_cut
from catalog.letters.speech import Speech
from tasks.letters.duty_calendar import duty_calendar
from tasks.letters.list_file import list_file

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Sequence

    from catalog.letters.line import DutyLine
    from ledger.session import Connection
    from tasks.letters.content import Content
    from tasks.letters.duty_calendar import Look
    from tasks.letters.letter_format import Attachment


def lists(
    conn: Connection,
    content: Content,
    lines: Sequence[DutyLine],
    look: Look,
    *,
    issued: Collection[str],
    on: dt.date,
) -> tuple[Attachment, ...]:
    """Return the lists of a letter: the dates of the duties `issued`, or all where many are cut."""
    is_full = is_cut(lines, on)
    duties = [content.duties[line.key] for line in lines if is_full or line.key in issued]
    calendar = (duty_calendar(conn, duties, look, on=on),) if duties else ()
    if not is_full:
        return calendar
    return (list_file(lines, Speech(look.lang, on), base_url=look.base_url), *calendar)
