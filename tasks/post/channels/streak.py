"""Streaks of refusals: the same words for several recipients running are about us.

Rule: docs/rules.md, The guarantee of delivery.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ledger.post.letters import Load

RECIPIENTS = 3
_OWN = re.compile(
    r"\S*@\S*"  # an address
    r"|\b\d{1,3}(\.\d{1,3}){3}\b"
    r"|\b(?=\w*\d)\w{6,}\b"  # a queue's number
    r"|<[^>]*>|\W+"
)


class Refused(NamedTuple):
    """A letter that was refused, and the reason."""

    load: Load
    reason: str


def plain_words(reason: str, address: str) -> str:
    """Return the words of a refusal, without what belongs to one letter or recipient."""
    words = reason.casefold()
    for own in filter(None, (address.casefold(), address.casefold().partition("@")[0])):
        words = re.sub(rf"(?<!\w){re.escape(own)}(?!\w)", " ", words)
    return " ".join(_OWN.sub(" ", words).split())


class Streaks:
    """The refusals of a round, by channel, that a next one in the same words may explain."""

    def __init__(self) -> None:
        self._open: dict[str, list[Refused]] = {}

    def add(self, refused: Refused) -> tuple[list[Refused], list[Refused]]:
        """Add a refusal; return those now known to be about their letters, and a full streak."""
        channel = refused.load.letter.channel
        streak = self._open.setdefault(channel, [])
        broken: list[Refused] = []
        if streak and _words(streak[0]) != _words(refused):
            broken, self._open[channel] = streak, []
        streak = self._open[channel]
        streak.append(refused)
        if len({each.load.letter.address for each in streak}) < RECIPIENTS:
            return broken, []
        return broken, self._open.pop(channel)

    def end(self, channel: str) -> list[Refused]:
        """Return the refusals of `channel`, which takes other letters, and forget them."""
        return self._open.pop(channel, [])

    def end_all(self) -> list[Refused]:
        """Return all refusals, and forget them."""
        return [refused for channel in [*self._open] for refused in self.end(channel)]


def _words(refused: Refused) -> str:
    return plain_words(refused.reason, refused.load.letter.address)
