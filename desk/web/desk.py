"""The desk of one jurisdiction, shared by all its requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from desk.web.count_cache import CountCache

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from ledger.offices.jurisdictions import Jurisdiction
    from ledger.session import Ledger
    from ledger.settings import Settings


class Neighbours(Protocol):
    """The jurisdictions of the installation, the main one first, and the desks of the others."""

    @property
    def jurisdictions(self) -> list[Jurisdiction]:
        """The jurisdictions, the main one first."""

    def desks(self) -> Mapping[str, Desk | None]:
        """Return every desk but the main one by its id; None where no ledger can be opened."""


@dataclass(frozen=True)
class Desk:
    """The open ledger, the real clock, the other desks of the installation, and cached counts."""

    ledger: Ledger
    clock: Callable[[], dt.datetime]
    hosts: Neighbours | None = None
    counts: CountCache = field(default_factory=CountCache)

    @property
    def settings(self) -> Settings:
        """The settings of the ledger."""
        return self.ledger.settings

    @property
    def others(self) -> Mapping[str, Desk | None]:
        """The desks of the other jurisdictions by their ids, for the main one's to watch.

        None for one whose ledger cannot be opened.
        """
        is_main = not self.settings.jurisdiction
        return self.hosts.desks() if is_main and self.hosts else {}
