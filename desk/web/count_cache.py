"""Counts cached until the next history entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from ledger.proof import chain

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from ledger.session import Connection

T = TypeVar("T")
MOST = 512  # then all are dropped at once: the head has moved on by then


class CountCache:
    """The counts of this process, each by the head of the history it was counted at.

    No fact changes without an entry, so a count under the present head still holds. It is for
    counts that are the same for everybody with the same view.
    """

    def __init__(self) -> None:
        self._counts: dict[Hashable, Any] = {}

    def __len__(self) -> int:
        """Return how many counts are cached."""
        return len(self._counts)

    def of(self, conn: Connection, name: tuple[Hashable, ...], count: Callable[[], T]) -> T:
        """Return the result of `count`; call it only when the history has a new entry since."""
        place = (chain.head(conn), *name)
        value: T
        if place in self._counts:
            value = self._counts[place]
        else:
            value = count()
            if len(self._counts) >= MOST:
                self._counts.clear()
            self._counts[place] = value
        return value
