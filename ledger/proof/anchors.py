"""Anchors: the published heads of the history, in a file outside the database."""

from __future__ import annotations

import json
import os
from functools import lru_cache
from typing import IO, TYPE_CHECKING, NamedTuple

from catalog.errors import InvalidError
from ledger.proof.verify import Anchor, UnreadableError, read_anchor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class AnchorFile(NamedTuple):
    """The lines of the file: anchors in their order, and the lines that are none, by number.

    `torn` is the end of the file that a crash left, the beginning of a line.
    """

    anchors: tuple[Anchor, ...]
    unreadable: tuple[int, ...]
    torn: str = ""

    def is_torn(self, anchor: Anchor) -> bool:
        """Tell whether the end of the file is the beginning of the line of `anchor`."""
        return bool(self.torn) and _line(anchor).startswith(self.torn)

    @property
    def newest(self) -> Anchor | None:
        """The anchor that counts the most entries."""
        return max(self.anchors, key=lambda anchor: anchor.entries, default=None)


def anchor_file(home: Path) -> Path:
    """Return the path of the anchors of the ledger under `home`: one JSON object a line."""
    return home / "anchors.jsonl"


def set_aside_file(home: Path) -> Path:
    """Return the path of the lines that a recorded decision took out of the anchors."""
    return home / "anchors-set-aside.jsonl"


def on_file(home: Path) -> AnchorFile:
    """Return the anchors on file; a last line that a crash cut off does not count."""
    path = anchor_file(home)
    try:
        state = path.stat()
    except FileNotFoundError:
        return AnchorFile((), ())
    return _read(path, (state.st_ino, state.st_size, state.st_mtime_ns))


def anchors(home: Path) -> list[Anchor]:
    """Return every anchor on file, oldest first."""
    return list(on_file(home).anchors)


def append(home: Path, anchor: Anchor) -> None:
    """Append `anchor` to the file and flush it to the disk, after mending the end of the file.

    Raises InvalidError where the disk does not take it.
    """
    path = anchor_file(home)
    try:
        _append(path, _line(anchor).encode())
    except OSError as error:
        raise InvalidError("file-unwritable", file=path, problem=error.strerror) from error


def replace(home: Path, anchors: Iterable[Anchor]) -> None:
    """Replace the file by one with these anchors; lines it does not take move to another file.

    A crash leaves the old file or the new one.
    """
    path = anchor_file(home)
    content = "".join(map(_line, anchors)).encode()
    before = path.read_bytes().split(b"\n") if path.exists() else []
    rest = [line for line in before if line and line not in content.split(b"\n")]
    with set_aside_file(home).open("ab") as file:
        file.writelines(line + b"\n" for line in rest)
        file.flush()
        os.fsync(file.fileno())
    draft = path.with_suffix(".part")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _flush_folder(home)


def content(home: Path) -> bytes:
    """Return the lines on file as they are, without an end that a crash cut off."""
    path = anchor_file(home)
    lines, _ = _split(path.read_bytes() if path.exists() else b"")
    return b"".join(line + b"\n" for line in lines)


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


@lru_cache(maxsize=64)
def _read(path: Path, state: tuple[int, int, int]) -> AnchorFile:
    """Return the content of the file in this `state`: each write reads it, few change it."""
    del state
    whole, torn = _split(path.read_bytes())
    anchors, unreadable = [], []
    for number, line in enumerate(whole, 1):
        anchor = _parse(line)
        anchors += [anchor] if anchor else []
        unreadable += [] if anchor else [number]
    return AnchorFile(tuple(anchors), tuple(unreadable), torn.decode("utf-8", "replace"))


def _split(content: bytes) -> tuple[list[bytes], bytes]:
    """Return the lines, and the end that a crash while appending left, which is no line."""
    *lines, end = content.split(b"\n")
    return ([*lines, end], b"") if end and _parse(end) else (lines, end)


def _append(path: Path, line: bytes) -> None:
    with path.open("a+b") as file:
        is_new = not file.tell()
        file.seek(0)
        _mend_end(file)
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        _flush_folder(path.parent)


def _mend_end(file: IO[bytes]) -> None:
    """Leave the end of the file where a further line may begin."""
    content = file.read()
    _, end = _split(content)
    file.truncate(len(content) - len(end))
    if not end and content and not content.endswith(b"\n"):
        file.write(b"\n")


def _flush_folder(folder: Path) -> None:
    """Flush the name of a new file to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _line(anchor: Anchor) -> str:
    document = {"on": anchor.on.isoformat(), "entries": anchor.entries, "head": anchor.head}
    return json.dumps(document) + "\n"


def _parse(line: bytes) -> Anchor | None:
    try:
        return read_anchor(line.decode("utf-8", "replace"))
    except UnreadableError:
        return None
