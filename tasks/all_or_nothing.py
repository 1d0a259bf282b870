"""Several deeds at once: all of them, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from catalog.errors import DubanError
    from ledger.session import Ledger


class Refusal(NamedTuple):
    """A row or cell at `place` that is refused, with the reason."""

    place: str
    error: DubanError


def all_or_nothing(ledger: Ledger, deeds: Callable[[Ledger], Iterable[Refusal]]) -> list[Refusal]:
    """Do `deeds` in one transaction and return their refusals; one of them undoes all."""
    refused: list[Refusal] = []
    try:
        with ledger.together() as whole:
            refused += deeds(whole)
            if refused:
                raise _NothingKeptError  # noqa: TRY301  ends the transaction of `with`
    except _NothingKeptError:
        pass
    return refused


class _NothingKeptError(Exception):
    """Ends the transaction after a refusal."""
