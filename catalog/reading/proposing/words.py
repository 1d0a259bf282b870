"""What the words of one item say piece by piece: its figures, its documents, its bare words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from catalog.reading.document.clauses import sentences
from catalog.reading.draft import Span
from catalog.reading.grammar import phrases
from catalog.reading.grammar.amounts import quota_of
from catalog.reading.grammar.folding import fold
from catalog.reading.proposing import aims, naming
from catalog.reading.proposing.dated_clauses import DATING
from catalog.reading.who.labels import is_when

if TYPE_CHECKING:
    from catalog.reading.document.clauses import Clause, Sentence
    from catalog.reading.grammar.phrases import Mark, Said
    from catalog.reading.grammar.rule import Setting

# 雙方出臺的相關政策, 特制定本計劃: a document that is only spoken of.
_SPOKEN_OF = re.compile("(?:实施|印发|发布|下发|执行)?的|本[^,。;的]{1,8}(?:[,。;]|$)")
_NOT_ASKED = ("已", "已经", "依法", "按照", "适时", "及时", "定期")
SLIGHT = 4  # characters: less than that asks for nothing


class Words:
    """The text of an item with its phrases, in the document's characters and folded."""

    def __init__(self, text: str, setting: Setting) -> None:
        self.text, self.folded = text, fold(text)
        self.said = phrases.read(text, setting)
        self._titles = [found.span() for found in re.finditer("《[^《》]*》", self.folded)]
        spoken = [s for s in self.said if not self.in_a_title(s.mark)]
        self.sentences: tuple[Sentence, ...] = sentences(text, spoken)
        clauses = [clause for sentence in self.sentences for clause in sentence.clauses]
        self._places = {s.mark: clause.span for clause in clauses for s in clause.said}

    def folded_of(self, span: Span) -> str:
        """Return folded words without the blanks around them."""
        return self.folded[span.start : span.end].strip()

    def original(self, span: Span) -> str:
        """Return words as the document writes them."""
        return self.text[span.start : span.end]

    def in_a_title(self, mark: Mark) -> bool:
        """Tell whether a phrase stands in the title of another document."""
        return any(start < mark.start and mark.end < end for start, end in self._titles)

    def figures_for(self, clause: Clause, *uses: str) -> list[Said]:
        """Return the figures of a clause that are there for one of `uses`."""
        figures = (s for s in clause.said if s.mark.sort in ("count", "figure"))
        return [s for s in figures if self.use(s.mark) in uses]

    def use(self, mark: Mark) -> aims.Use:
        """Return what a figure is there for."""
        return aims.use(self.text, mark, self._places.get(mark, Span(mark.start, mark.end)))

    def only_says_when(self, sentence: Sentence) -> bool:
        """Tell whether a sentence is a date and nothing else: it dates the item."""
        words = self.folded_of(sentence.span)
        if is_when(words):
            return True
        said = [s for s in sentence.said if s.mark.sort in (*DATING, "standing")]
        bare = naming.stripped(words, [fold(s.mark.phrase) for s in said]) if said else words
        return not re.sub("[完办]成?结?|落实", "", bare)

    def is_document(self, said: Said) -> bool:
        """Tell whether a verb asks for a document, and does not only speak of one."""
        if said.mark.sort != "document":
            return False
        before, after = self.folded[: said.mark.start], self.folded[said.mark.end :]
        return not _SPOKEN_OF.match(after) and not before.endswith(_NOT_ASKED)

    def weighs(self, clause: Clause) -> bool:
        """Tell whether a clause asks for something besides its date."""
        dates = [fold(s.mark.phrase) for s in clause.said if s.mark.sort in DATING]
        return len(naming.stripped(self.folded_of(clause.span), dates)) >= SLIGHT

    def quota(self, said: Said) -> dict[str, Any] | None:
        """Return the quota a count asks for, None for what is no whole count."""
        amount = phrases.figure(said.mark, self.text)
        whole = isinstance(amount.least, int) and said.mark.sort == "count" and amount.least > 0
        quota = quota_of(amount) if whole else None
        return {k: v for k, v in quota.model_dump().items() if v is not None} if quota else None

    def unit(self, mark: Mark, folded: str) -> str:
        """Return the unit as the document writes it, a wide per cent sign as a narrow one."""
        if folded == "%":
            return folded
        at = fold(mark.phrase).rfind(folded) if folded else -1
        return mark.phrase[at : at + len(folded)] if at >= 0 else "項"
