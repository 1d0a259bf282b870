"""The published heads of the history, kept in a file outside the database."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from catalog.errors import InvalidError
from ledger.proof.verify import Anchor, UnreadableError, read_anchor

if TYPE_CHECKING:
    from pathlib import Path


def anchor_file(home: Path) -> Path:
    """Return where the anchors of the ledger under `home` are kept, one JSON object a line."""
    return home / "anchors.jsonl"


def anchors(home: Path) -> list[Anchor]:
    """Return every anchor on file, oldest first; InvalidError names a line that is none."""
    path = anchor_file(home)
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_parse(line, f"{path.name}:{number}") for number, line in enumerate(lines, 1)]


def append(home: Path, anchor: Anchor) -> None:
    """Add `anchor` to the file and wait until it is on the disk."""
    with anchor_file(home).open("a", encoding="utf-8") as file:
        file.write(_written(anchor))
        file.flush()
        os.fsync(file.fileno())


def anchor_line(anchor: Anchor) -> str:
    """Return an anchor as letters and circulars print it: `2002:5eea…`, entries and whole hash.

    `duban verify --anchor` and `verify.py --anchor` take it as it is printed.
    """
    return f"{anchor.entries}:{anchor.head}"


def stamp_file(home: Path, anchor: Anchor) -> Path:
    """Return where the time stamp of `anchor` is kept: the entries and the start of the hash."""
    return home / "stamps" / f"{anchor.entries:010}-{anchor.head[:16]}.tsr"


def stamps(home: Path) -> list[Path]:
    """Return the time stamps (RFC 3161) that lie beside the anchors, oldest first."""
    return sorted((home / "stamps").glob("*.tsr"))


def _written(anchor: Anchor) -> str:
    document = {"on": anchor.on.isoformat(), "entries": anchor.entries, "head": anchor.head}
    return json.dumps(document) + "\n"


def _parse(line: str, place: str) -> Anchor:
    try:
        return read_anchor(line)
    except UnreadableError:
        raise InvalidError("anchor-unreadable", place=place) from None
