"""Connections by SMTP that take a reply of limited size."""

from __future__ import annotations

import smtplib
from typing import BinaryIO, cast

LONGEST = 100_000  # bytes of one reply with all its lines


class _Replies:
    """The lines that a server sends; OSError where one reply has more bytes than are `left`."""

    def __init__(self, lines: BinaryIO) -> None:
        self.left = LONGEST
        self._lines = lines

    def readline(self, size: int) -> bytes:
        line = self._lines.readline(size)
        self.left -= len(line)
        if self.left < 0:
            raise OSError("a reply without end")
        return line

    def close(self) -> None:
        self._lines.close()


class Line(smtplib.SMTP):
    """A connection in plain text, which STARTTLS may encrypt."""

    def getreply(self) -> tuple[int, bytes]:
        """Return code and text of the next reply; smtplib itself reads lines without end."""
        if self.file is None and self.sock is not None:
            self.file = _Replies(cast("BinaryIO", self.sock.makefile("rb")))
        if self.file is not None:
            self.file.left = LONGEST
        return super().getreply()


class TlsLine(Line, smtplib.SMTP_SSL):
    """A connection that is encrypted from its first byte."""
