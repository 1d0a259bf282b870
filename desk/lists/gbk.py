"""A text for programs that know only GBK: nothing is lost, and what they cannot show is told."""

from __future__ import annotations

from collections import Counter


class Encoder:
    """Turns text into GB18030, which is GBK for all that GBK has and four bytes for the rest.

    `lacking` counts the characters a program that stops at GBK shows wrongly.
    """

    def __init__(self) -> None:
        self.lacking: Counter[str] = Counter()

    def encode(self, text: str) -> bytes:
        """Return the bytes of `text`."""
        try:
            return text.encode("gbk")
        except UnicodeEncodeError:
            self.lacking.update(c for c in text if not _has(c))
            return text.encode("gb18030")


def _has(character: str) -> bool:
    try:
        return bool(character.encode("gbk"))
    except UnicodeEncodeError:
        return False
