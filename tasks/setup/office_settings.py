"""Settings that the office chooses in the browser: kept in its home, in force at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from catalog.wording import DEFAULT_LANGUAGE
from ledger.office_file import put_office_values
from ledger.settings import is_set

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.session import Ledger

# In force where nothing is chosen.
UNCHOSEN = {"mail_url": "file:", "mail_from": "duban@localhost", "lang": DEFAULT_LANGUAGE}


def choose(ledger: Ledger, chosen: Mapping[str, str]) -> None:
    """Write the settings into the home, and use them in this process from now on.

    What the environment sets stays as it is. Flows read the file anew with each run.
    """
    changeable = {name: value for name, value in chosen.items() if not is_set(name)}
    if changeable:
        put_office_values(ledger.settings.home, changeable)
    fields: dict[str, Any] = {
        name: value or UNCHOSEN.get(name) for name, value in changeable.items()
    }
    ledger.settings = replace(ledger.settings, **fields)
