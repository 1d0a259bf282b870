"""The ledger of a run, opened by the id of its jurisdiction."""

from __future__ import annotations

from ledger.offices.installation import load_settings
from ledger.offices.jurisdictions import settings_of
from ledger.session import Ledger


def ledger_of(jurisdiction: str) -> Ledger:
    """Open the ledger of `jurisdiction`, "" for the main one; NotFoundError for an unknown id.

    A run is given the id alone: settings and secrets stay in its own environment.
    """
    return Ledger.open(settings_of(load_settings(), jurisdiction))
