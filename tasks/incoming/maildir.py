"""Maildir of incoming mail: from `new/`, a mail that was handled passes to `cur/`."""

from __future__ import annotations

import heapq
import os
import stat
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Self

from tasks.incoming.mail import LARGEST
from tasks.incoming.source import MOST_MAILS, Arrival, UnreadableSourceError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SEEN, NEW = ":2,S", ":2,"
OPEN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Maildir:
    """A Maildir that the mail server of this machine fills, for duban alone."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        if not all((self._path / name).is_dir() for name in ("new", "cur")):
            raise UnreadableSourceError(f"{self._path} is no Maildir: it needs new/ and cur/")
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is kept open."""

    def arrivals(self) -> Iterator[Arrival]:
        """Yield the mail in `new/`; what is no file there, or cannot be read, is left."""
        try:
            with os.scandir(self._path / "new") as files:
                names = heapq.nsmallest(MOST_MAILS, (file.name for file in files))
        except OSError as error:
            raise UnreadableSourceError(f"{self._path}: {error.strerror}") from error
        for name in names:
            content = _beginning(self._path / "new" / name)
            if content is not None:
                yield Arrival(content, partial(self._move, name))

    def _move(self, name: str, read: bool) -> None:  # noqa: FBT001  the source's own signature
        """Move a mail to `cur/`; another reader may have done so."""
        passed = self._path / "cur" / (name.partition(":")[0] + (SEEN if read else NEW))
        with suppress(FileNotFoundError):
            (self._path / "new" / name).rename(passed)


def _beginning(path: Path) -> bytes | None:
    """Return the first bytes of a regular file, None for anything else."""
    try:
        with open(os.open(path, OPEN), "rb") as file:  # noqa: PTH123  a link is not followed
            return file.read(LARGEST) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else None
    except OSError:
        return None
