"""The duty that a tracker's line is about: certain, or one of those to be offered."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.grammar.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from catalog.trackers.line import Line
    from ledger.duties.duties import Duty

OFFERED = 12  # duties in one question
_LIKE = 0.3  # of two titles: enough to offer the duty


class Match(NamedTuple):
    """The duty of a line where it is certain, and otherwise those to be offered, likest first."""

    duty: Duty | None
    offered: tuple[Duty, ...] = ()


class Matcher:
    """Finds the duties of lines among `duties`: by key, number and title, or title.

    One of several with the same title is told by its due date, then by who leads or performs it.
    """

    def __init__(self, duties: Iterable[Duty]) -> None:
        self.duties = sorted(duties, key=lambda duty: (duty.due_on, duty.key))
        self._by_key = {duty.key: duty for duty in self.duties}
        self._by_title: dict[str, list[Duty]] = defaultdict(list)
        for duty in self.duties:
            self._by_title[_plain(duty.title)].append(duty)

    def match(self, line: Line) -> Match:
        """Return the duty of a line, or those it may be about."""
        if line.number in self._by_key:
            return Match(self._by_key[line.number])
        same = self._by_title.get(_plain(line.title), [])
        for narrow in (_numbered, _due, _of_agency):
            if len(same) > 1:
                same = [duty for duty in same if narrow(line, duty)] or same
        if len(same) == 1:
            return Match(same[0])
        return Match(None, tuple(same[:OFFERED]) or self._similar(line))

    def one(self, key: str) -> Duty | None:
        """Return the duty of that key."""
        return self._by_key.get(key)

    def _similar(self, line: Line) -> tuple[Duty, ...]:
        pairs = _pairs(_plain(line.title))
        likeness = [(_likeness(pairs, _pairs(_plain(d.title))), d) for d in self.duties]
        near = [(share, duty) for share, duty in likeness if share >= _LIKE]
        best: Sequence[Duty] = [d for _, d in sorted(near, key=lambda each: -each[0])]
        return tuple(best[:OFFERED])


def _numbered(line: Line, duty: Duty) -> bool:
    return _plain(line.number) in {_plain(duty.measure), _plain(duty.obligation)}


def _due(line: Line, duty: Duty) -> bool:
    return line.due_on == duty.due_on


def _of_agency(line: Line, duty: Duty) -> bool:
    return line.lead in {duty.performer, duty.lead}


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    """Return a title in the form for comparing: simplified letters and digits alone."""
    return "".join(c for c in fold(text).lower() if c.isalnum())


@lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(max(len(text) - 1, 1)))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of the shorter title's pairs of signs that the other has too."""
    return len(one & other) / max(min(len(one), len(other)), 1)
