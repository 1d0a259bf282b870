"""File channel, the default: each letter is a file `outbox/<date>/<message>.eml`."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from tasks.letters.letter_format import mime
from tasks.post.channels.channel import Channel, TryAgainError

if TYPE_CHECKING:
    from pathlib import Path

    from tasks.letters.letter_format import Letter


class FileChannel(Channel):
    """Writes letters below `outbox`; a second try of a letter replaces the first."""

    def __init__(self, outbox: Path) -> None:
        self._outbox = outbox

    def __repr__(self) -> str:
        return f"FileChannel({str(self._outbox)!r})"

    def close(self) -> None:
        """Do nothing: no file stays open between letters."""

    def send(self, letter: Letter) -> None:
        """Write the letter atomically; on return it is on the disk."""
        try:
            _write(self._outbox / letter.date.date().isoformat(), _name(letter), mime(letter))
        except OSError as error:
            raise TryAgainError(f"outbox: {error.strerror}", whole_channel=True) from error


def _name(letter: Letter) -> str:
    return re.sub(r"[^A-Za-z0-9@_-]+", "_", letter.message_id.strip("<>"))[:120] + ".eml"


def _write(folder: Path, name: str, content: bytes) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".{name}.{os.getpid()}"
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / name)
    finally:
        draft.unlink(missing_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
