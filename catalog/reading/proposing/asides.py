"""Asides: phrases of an item that no obligation and no target quotes, each with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.reading.proposing.dated_clauses import DATING, is_over
from catalog.reading.proposing.pen import Entry
from catalog.reading.span import Ask, Span
from catalog.wording.script import in_script_of, language_of

if TYPE_CHECKING:
    from datetime import date

    from catalog.reading.grammar.matching import Phrase
    from catalog.reading.proposing.item_text import ItemText
    from catalog.reading.proposing.pen import Pen

REASONS = {
    "name": "名稱或編號的一部分，不是數量",
    "scope": "所指的範圍，不是要達到的數量",
    "over": "印發之前的日期",
    "title": "所引文件名稱的一部分",
    "mentioned": "所提及的文件，不是本計劃要出臺的",
    "remark": "文中的說明，沒有自己的期限或數量",
}


def set_aside(source: ItemText, pen: Pen, issued_on: date) -> None:
    """Propose an aside for each such phrase, and ask where it is not plain that it binds nobody."""
    for phrase in source.phrases:
        mark = phrase.mark
        if mark.sort in ("trap", "base"):
            continue
        span = Span(mark.start, mark.end)
        if pen.quotes(mark):
            if _may_bind(source, pen, phrase):
                pen.ask(Ask("figure-open", pen.quoting(mark), span, ({},)))
            continue
        reason, question = _reason(source, phrase, issued_on)
        asks = [Ask(question, "", span, ({},))] if question else []
        pen.write(
            Entry("aside", "aside", [mark], {"reason": _in_script(source, reason)}, span, asks=asks)
        )


def _in_script(source: ItemText, reason: str) -> str:
    """Return the words of a reason in the script of the document."""
    return in_script_of(language_of(source.text), REASONS[reason])


def _may_bind(source: ItemText, pen: Pen, phrase: Phrase) -> bool:
    """Tell whether a quoted figure asks for something that no proposal rests on."""
    mark = phrase.mark
    counts = mark.sort in ("count", "figure") and not pen.rests_on(mark)
    return counts and not source.in_a_title(mark) and source.use(mark) in ("target", "quota")


def _reason(source: ItemText, phrase: Phrase, issued_on: date) -> tuple[str, str]:
    """Return why a phrase binds nobody, and the question where that is not plain."""
    mark = phrase.mark
    if source.in_a_title(mark):
        return "title", ""
    if mark.sort in ("count", "figure"):
        use = source.use(mark)
        return (use, "") if use in ("name", "scope") else ("remark", "figure-open")
    if mark.sort == "document":
        return "mentioned", ""
    if is_over(phrase, issued_on):
        return "over", ""
    return "remark", "date-outside" if mark.sort in DATING else ""
