"""Lines of a letter about one obligation of several parties, made one for whoever follows it up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.letters.layout import NoticeLine


def gathered(lines: Sequence[NoticeLine]) -> list[NoticeLine]:
    """Return `lines` with those of one obligation, rung, light and due date as one line.

    It has the performers of all and stands where the first of them stood. Deeds keep a line each,
    with their words, and so does what a party has to do itself.
    """
    groups: dict[object, list[NoticeLine]] = {}
    for line in lines:
        groups.setdefault(_group(line), []).append(line)
    return [_as_one(group) for group in groups.values()]


def _group(line: NoticeLine) -> object:
    if line.parties is None or line.event or line.awaits_release:
        return line.key, line.rung
    inquiry = line.inquiry and line.inquiry._replace(word=None)
    return line.parties.obligation, line.rung, line.light, line.due_on, inquiry


def _as_one(group: Sequence[NoticeLine]) -> NoticeLine:
    first, *others = group
    if not others:
        return first
    inquiry = first.inquiry and first.inquiry._replace(is_quoted=False)
    return replace(first, performers=tuple(line.performer for line in group), inquiry=inquiry)
