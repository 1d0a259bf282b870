"""What becomes of the phrases of an item that no obligation and no target takes up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.reading.draft import Span
from catalog.reading.proposing.dated_clauses import DATING, is_over

if TYPE_CHECKING:
    from datetime import date

    from catalog.reading.grammar.phrases import Said
    from catalog.reading.proposing.pen import Pen
    from catalog.reading.proposing.words import Words

REASONS = {
    "name": "名稱或編號的一部分，不是數量",
    "scope": "所指的範圍，不是要達到的數量",
    "over": "印發之前的日期",
    "title": "所引文件名稱的一部分",
    "quoted": "所提及的文件，不是本計劃要出臺的",
    "said": "文中的說明，沒有自己的期限或數量",
}


def set_aside(words: Words, pen: Pen, issued_on: date) -> None:
    """Propose an aside for each such phrase, and ask where it is not plain that it binds nobody."""
    for said in words.said:
        if said.mark.sort in ("trap", "base"):
            continue
        if pen.takes(said.mark):
            _ask_unmeant(words, pen, said)
            continue
        why, asked = _reason(words, said, issued_on)
        place = Span(said.mark.start, said.mark.end)
        name = pen.propose("aside", "aside", [said.mark], {"reason": REASONS[why]}, clause=place)
        if asked:
            pen.ask(asked, name, place, ({},))


def _ask_unmeant(words: Words, pen: Pen, said: Said) -> None:
    """Ask about a figure that asks for something and is only quoted beside what it stands by."""
    mark = said.mark
    counts = mark.sort in ("count", "figure") and not pen.means(mark)
    if counts and not words.in_a_title(mark) and words.use(mark) in ("target", "quota"):
        near = pen.quoting(mark)
        pen.ask("figure-open", near, Span(mark.start, mark.end), ({},))


def _reason(words: Words, said: Said, issued_on: date) -> tuple[str, str]:
    """Return why a phrase binds nobody, and the question where that is not plain."""
    mark = said.mark
    if words.in_a_title(mark):
        return "title", ""
    if mark.sort in ("count", "figure"):
        use = words.use(mark)
        return (use, "") if use in ("name", "scope") else ("said", "figure-open")
    if mark.sort == "document":
        return "quoted", ""
    if is_over(said, issued_on):
        return "over", ""
    return "said", "date-outside" if mark.sort in DATING else ""
