"""Counts cached until the next history entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from ledger.proof import chain

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from ledger.session import Connection

T = TypeVar("T")
MOST = 512  # all of them forgotten at once: the head has moved on by then


class CountCache:
    """The counts of this process, each by the head of the history it was made at.

    No fact changes without an entry, so what is found under the present head is what would be
    counted again. It is for what everybody with the same view sees alike.
    """

    def __init__(self) -> None:
        self._found: dict[Hashable, Any] = {}

    def __len__(self) -> int:
        """Return how many counts are kept."""
        return len(self._found)

    def of(self, conn: Connection, name: tuple[Hashable, ...], count: Callable[[], T]) -> T:
        """Return what `count` gives; it is asked again only when something was recorded since."""
        place = (chain.head(conn), *name)
        found: T
        if place in self._found:
            found = self._found[place]
        else:
            found = count()
            if len(self._found) >= MOST:
                self._found.clear()
            self._found[place] = found
        return found
