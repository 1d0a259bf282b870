"""Sources of incoming mail: each gives mail once, and is told what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol, Self

from catalog.errors import DubanError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_MAILS = 200  # of a round; the next one goes on


class Arrival(NamedTuple):
    """The beginning of a mail, and `finish(read=...)`, after which it is not given again.

    `read` is False for a mail that people should still see as new.
    """

    content: bytes
    finish: Callable[[bool], None]


class Source(Protocol):
    """A mailbox to read."""

    def __enter__(self) -> Self:
        """Open it; UnreadableSourceError where it cannot be read."""

    def __exit__(self, *_: object) -> None:
        """Close it."""

    def arrivals(self) -> Iterator[Arrival]:
        """Yield the mail that was not given before, the oldest first, at most MOST_MAILS."""


class UnreadableSourceError(DubanError):
    """The mailbox of DUBAN_BOUNCES cannot be read now; its mail stays there."""

    def __init__(self, reason: str) -> None:
        super().__init__("bounces-unreadable", reason=reason)
