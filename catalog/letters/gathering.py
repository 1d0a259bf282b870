"""Lines of one obligation that ask the same, made one: its periods, or its parties."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from catalog.letters.kinds import kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from catalog.letters.line import DutyLine, News

# Each of these is decided by itself, so it keeps a line with an address of its own.
_ALONE = frozenset({"mend", "release", "decide", "accept", "attend"})


def gathered(lines: Sequence[DutyLine], on: date) -> list[DutyLine]:
    """Return `lines` with those of one obligation, ask and news as one, where the first stood.

    It has the performers of all, and the due date that comes next.
    """
    groups: dict[object, list[DutyLine]] = {}
    for line in lines:
        groups.setdefault(_group(line, on), []).append(line)
    return [_as_one(group, on) for group in groups.values()]


def _group(line: DutyLine, on: date) -> object:
    if line.ask in _ALONE or not line.of or any(news.remark for news in line.news):
        return line.key
    return line.of, line.part, kind(line, on), tuple(map(_common, line.news))


def _common(news: News) -> News:
    """Return what the news of several duties must have in common."""
    inquiry = news.inquiry and news.inquiry._replace(word=None)
    return news._replace(inquiry=inquiry)


def _as_one(group: Sequence[DutyLine], on: date) -> DutyLine:
    if not group[1:]:
        return group[0]
    by_date = sorted(group, key=lambda line: (line.due_on, line.key))
    first = next((line for line in by_date if line.due_on >= on), by_date[0])
    return replace(
        first,
        news=tuple(map(_unquoted, first.news)),
        keys=tuple(line.key for line in by_date),
        performers=tuple(dict.fromkeys(line.performer for line in group)),
    )


def _unquoted(news: News) -> News:
    inquiry = news.inquiry and news.inquiry._replace(is_quoted=False)
    return news._replace(inquiry=inquiry)
