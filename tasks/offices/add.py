"""Add a jurisdiction to the installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.offices.jurisdictions import check_new, enter, own_settings
from ledger.session import Ledger

if TYPE_CHECKING:
    from ledger.offices.jurisdictions import Jurisdiction
    from ledger.settings import Settings


def add(settings: Settings, jurisdiction: Jurisdiction) -> None:
    """Make the ledger of a new jurisdiction, then list it: whole or not at all.

    Raises what `check_new` raises.
    """
    check_new(settings, jurisdiction)
    main = settings.main or settings
    main.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = own_settings(main, jurisdiction)
    Ledger.open(own).close()
    enter(own, jurisdiction)
