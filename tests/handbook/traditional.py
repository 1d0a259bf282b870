"""The handbook in traditional characters, written from the simplified one.

Labels of the interface (in bold) are those that the desk shows in traditional characters.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

from opencc import OpenCC

from catalog.wording import texts

FOLDER = Path(__file__).parents[2] / "docs" / "handbook"
LABEL = re.compile(r"\*\*(.+?)\*\*")
# Where the pages write otherwise than OpenCC for Hong Kong.
OURS = {
    "佈": "布", "采用": "採用", "直接回復": "直接回覆", "催籤": "催簽", "户": "戶", "啓": "啟",
    "羣": "群",
    "説": "說", "迴音": "回音", "閲": "閱", "“": "「", "”": "」",
}  # fmt: skip


def write() -> None:
    """Write every chapter of `zh-Hant` anew from its counterpart in `zh-Hans`."""
    for file in (FOLDER / "zh-Hans").glob("*.md"):
        chapter = traditional(file.read_text(encoding="utf-8"))
        (FOLDER / "zh-Hant" / file.name).write_text(chapter, encoding="utf-8")


def traditional(text: str) -> str:
    """Return Markdown in simplified characters as Markdown in traditional ones."""
    return LABEL.sub(lambda match: f"**{_label(match[1])}**", _convert(text))


def _convert(text: str) -> str:
    text = _converter().convert(text)
    for form, house_form in OURS.items():
        text = text.replace(form, house_form)
    return text


def _label(label: str) -> str:
    """Return the label that the pages show for one that was converted."""
    labels = _labels()
    return label if label in labels.values() else labels.get(label, label)


@functools.cache
def _labels() -> dict[str, str]:
    """Return the traditional labels by the simplified ones as they are converted."""
    simplified, traditional_texts = texts("zh-Hans"), texts("zh-Hant")
    return {
        _convert(text): traditional_texts[key]
        for key, text in simplified.items()
        if key in traditional_texts
    }


@functools.cache
def _converter() -> OpenCC:
    return OpenCC("s2hk")
