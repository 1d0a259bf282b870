"""Text of one item, piece by piece: its phrases, figures, documents and clauses."""

from __future__ import annotations

import bisect
import re
from typing import TYPE_CHECKING, Any

from catalog.reading.document.clauses import sentences
from catalog.reading.document.labels import is_date_line
from catalog.reading.grammar import matching
from catalog.reading.grammar.amounts import quota_of
from catalog.reading.grammar.folding import fold
from catalog.reading.grammar.matching import Mark
from catalog.reading.proposing import naming, uses
from catalog.reading.proposing.dated_clauses import DATING
from catalog.reading.span import Span

if TYPE_CHECKING:
    from catalog.reading.document.clauses import Clause, Sentence
    from catalog.reading.grammar.matching import Phrase
    from catalog.reading.grammar.rule import Setting

# 雙方出臺的相關政策, 特制定本計劃: a document that is only mentioned.
_MENTIONED = re.compile("(?:实施|印发|发布|下发|执行)?的|本[^,。;的]{1,8}(?:[,。;]|$)")
_NOT_REQUIRED = ("已", "已经", "依法", "按照", "适时", "及时", "定期")
SLIGHT = 4  # characters: fewer ask for nothing
_GIST = 24  # characters
_TITLED = re.compile("《[^《》]*》")


class ItemText:
    """The text of an item with its phrases, in the document's characters and folded."""

    def __init__(self, text: str, setting: Setting) -> None:
        self.text, self.folded = text, fold(text)
        self.phrases = matching.interpret(text, setting)
        self._titles = [match.span() for match in _TITLED.finditer(self.folded)]
        outside = [phrase for phrase in self.phrases if not self.in_a_title(phrase.mark)]
        self.sentences: tuple[Sentence, ...] = sentences(text, outside)
        clauses = [clause for sentence in self.sentences for clause in sentence.clauses]
        self._places = {p.mark: clause.span for clause in clauses for p in clause.phrases}
        self._uses: dict[Mark, uses.Use] = {}

    def folded_of(self, span: Span) -> str:
        """Return folded words without the blanks around them."""
        return self.folded[span.start : span.end].strip()

    def original(self, span: Span) -> str:
        """Return words as the document writes them."""
        return self.text[span.start : span.end]

    def sign_before(self, at: int) -> str:
        """Return the folded sign before a place, blanks left out; empty at the beginning."""
        while at and self.folded[at - 1] == " ":
            at -= 1
        return self.folded[at - 1 : at]

    def in_a_title(self, mark: Mark) -> bool:
        """Tell whether a phrase stands in the title of another document."""
        at = bisect.bisect_left(self._titles, (mark.start, 0)) - 1
        return at >= 0 and mark.end < self._titles[at][1]

    def figures_for(self, clause: Clause, *purposes: uses.Use) -> list[Phrase]:
        """Return the figures of a clause that serve one of `purposes`."""
        figures = (p for p in clause.phrases if p.mark.sort in ("count", "figure"))
        return [p for p in figures if self.use(p.mark) in purposes]

    def use(self, mark: Mark) -> uses.Use:
        """Return the use of a figure."""
        if mark not in self._uses:
            clause = self._places.get(mark, Span(mark.start, mark.end))
            self._uses[mark] = uses.use(self.text, mark, clause)
        return self._uses[mark]

    def is_only_a_date(self, sentence: Sentence) -> bool:
        """Tell whether a sentence is a date and nothing else: it dates the item."""
        words = self.folded_of(sentence.span)
        if is_date_line(words):
            return True
        dates = [p for p in sentence.phrases if p.mark.sort in (*DATING, "standing")]
        bare = naming.without(words, [fold(p.mark.phrase) for p in dates]) if dates else words
        return not re.sub("[完办]成?结?|落实", "", bare)

    def is_document(self, phrase: Phrase) -> bool:
        """Tell whether a verb asks for a document, and does not only mention one."""
        if phrase.mark.sort != "document":
            return False
        if self.folded.endswith(_NOT_REQUIRED, 0, phrase.mark.start):
            return False
        return not _MENTIONED.match(self.folded, phrase.mark.end)

    def documents(self, *clauses: Clause) -> list[Mark]:
        """Return the verbs of clauses that ask for a document."""
        return [p.mark for clause in clauses for p in clause.phrases if self.is_document(p)]

    def weighs(self, clause: Clause) -> bool:
        """Tell whether a clause asks for something besides its date."""
        dates = [fold(p.mark.phrase) for p in clause.phrases if p.mark.sort in DATING]
        return len(naming.without(self.folded_of(clause.span), dates)) >= SLIGHT

    def gist(self, clause: Clause, start: int | None = None) -> Mark:
        """Return the first words of a clause, or those from a place in it, as a quotation."""
        words = self.original(clause.span)
        start = start or clause.span.start + len(words) - len(words.lstrip())
        end = min(start + _GIST, clause.span.start + len(words.rstrip()))
        return Mark("", self.text[start:end], start, end)

    def quota(self, phrase: Phrase) -> dict[str, Any] | None:
        """Return the quota a count asks for, None for what is no whole count."""
        amount = matching.figure(phrase.mark, self.text)
        whole = isinstance(amount.least, int) and phrase.mark.sort == "count" and amount.least > 0
        quota = quota_of(amount) if whole else None
        return quota.model_dump(exclude_none=True) if quota else None

    def unit(self, mark: Mark, folded: str) -> str:
        """Return the unit as the document writes it, a wide per cent sign as a narrow one."""
        if folded == "%":
            return folded
        at = fold(mark.phrase).rfind(folded) if folded else -1
        return mark.phrase[at : at + len(folded)] if at >= 0 else "項"
