"""GBK encoder: keeps every character and counts those a GBK-only program shows wrongly."""

from __future__ import annotations

from collections import Counter


class Encoder:
    """Encoder to GB18030: GBK where GBK has the character, four bytes otherwise.

    `lacking` counts the characters that GBK does not have.
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
