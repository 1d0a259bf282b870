"""Anchors: the published heads of the history, in a file outside the database."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from catalog.errors import InvalidError
from ledger.proof.verify import Anchor, UnreadableError, read_anchor

if TYPE_CHECKING:
    from pathlib import Path


def anchor_file(home: Path) -> Path:
    """Return the path of the anchors of the ledger under `home`: one JSON object a line."""
    return home / "anchors.jsonl"


def anchors(home: Path) -> list[Anchor]:
    """Return every anchor on file, oldest first; InvalidError names an unreadable line."""
    path = anchor_file(home)
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_parse(line, f"{path.name}:{number}") for number, line in enumerate(lines, 1)]


def append(home: Path, anchor: Anchor) -> None:
    """Append `anchor` to the file and flush it to the disk."""
    with anchor_file(home).open("a", encoding="utf-8") as file:
        file.write(_line(anchor))
        file.flush()
        os.fsync(file.fileno())


def anchor_line(anchor: Anchor) -> str:
    """Return an anchor as letters and circulars print it: `2002:5eea…`, entries and whole hash.

    `duban verify --anchor` and `verify.py --anchor` accept this form.
    """
    return f"{anchor.entries}:{anchor.head}"


def stamp_file(home: Path, anchor: Anchor) -> Path:
    """Return the path of the time stamp of `anchor`, named by its entries and its hash."""
    return home / "stamps" / f"{anchor.entries:010}-{anchor.head[:16]}.tsr"


def stamps(home: Path) -> list[Path]:
    """Return the paths of the time stamps (RFC 3161), oldest first."""
    return sorted((home / "stamps").glob("*.tsr"))


def _line(anchor: Anchor) -> str:
    document = {"on": anchor.on.isoformat(), "entries": anchor.entries, "head": anchor.head}
    return json.dumps(document) + "\n"


def _parse(line: str, place: str) -> Anchor:
    try:
        return read_anchor(line)
    except UnreadableError:
        raise InvalidError("anchor-unreadable", place=place) from None
