"""Settings of this process, for the jurisdiction named in its environment."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ledger.offices.jurisdictions import settings_of
from ledger.settings import jurisdiction_id, main_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.settings import Settings


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of the jurisdiction that `environ` names, or of the main one.

    Raises what `main_settings` raises, and NotFoundError for an unknown jurisdiction.
    """
    return settings_of(main_settings(environ), jurisdiction_id(environ))
