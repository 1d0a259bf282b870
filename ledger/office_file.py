"""`office.toml` in a home: settings that the office chose in the browser, below the environment."""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from catalog.errors import UsageRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "office.toml"
NAMES = ("mail_url", "mail_from", "reply_to", "base_url", "lang")


def office_values(home: Path) -> dict[str, str]:
    """Return the settings chosen in the browser by name; none where there is no file.

    UsageRefusedError for a file that cannot be read, never with its text: it has a password.
    """
    try:
        text = (home / FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        raise _unfit("it cannot be read as text") from None
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError):
        raise _unfit("it is no TOML") from None
    for name, value in values.items():
        if name not in NAMES or not isinstance(value, str):
            raise _unfit(f"texts of these names are expected: {', '.join(NAMES)}")
    return values


def put_office_values(home: Path, values: Mapping[str, str]) -> None:
    """Write these settings beside the others of the file; an empty text removes one.

    The file appears whole, and only its owner can read it.
    """
    merged = {n: v for n, v in {**office_values(home), **values}.items() if v}
    text = "".join(f"{n} = {json.dumps(merged[n])}\n" for n in NAMES if n in merged)
    with NamedTemporaryFile("w", encoding="utf-8", dir=home, prefix=".", delete=False) as draft:
        draft.write(text)
        draft.flush()
        os.fsync(draft.fileno())
    Path(draft.name).replace(home / FILE)


def _unfit(reason: str) -> UsageRefusedError:
    return UsageRefusedError("setting-invalid", name=FILE, reason=reason)
