"""Identity of an installation: an id in a file of its home, and whether the home is a copy."""

from __future__ import annotations

import secrets
import socket
from typing import TYPE_CHECKING, NamedTuple

from ledger.store.put_once import put_new

if TYPE_CHECKING:
    from pathlib import Path


class Identity(NamedTuple):
    """The id of an installation; its `mark` is another one in a copy of the home.

    `place` is where the home lies, for people.
    """

    id: str
    mark: str
    place: str


def identity_file(home: Path) -> Path:
    """Return the path of the id; without it the home is a new installation."""
    return home / "identity"


def identity(home: Path) -> Identity:
    """Return the identity of the installation in `home`; the first call creates it."""
    file = identity_file(home)
    if not file.exists():
        put_new(file, f"{secrets.token_hex(8)}\n")
    mark = str(file.stat().st_ino)
    return Identity(
        file.read_text(encoding="ascii").strip(), mark, f"{socket.gethostname()}:{home}"
    )
