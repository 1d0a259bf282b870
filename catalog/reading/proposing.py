"""What one item asks for, as proposals for a plan and questions: obligations, targets, asides."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog import phrases
from catalog.phrases import Mark
from catalog.reading import aims, naming
from catalog.reading.amounts import quota_of
from catalog.reading.clauses import Clause, sentences
from catalog.reading.deeds import DATING, deeds, is_over
from catalog.reading.draft import Span
from catalog.reading.folding import fold
from catalog.reading.parties import parties
from catalog.reading.pen import Pen, Proposed
from catalog.reading.roles import is_when
from catalog.reading.rule import When

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from catalog.phrases import Said
    from catalog.reading.clauses import Sentence
    from catalog.reading.deeds import Deed
    from catalog.reading.register import Register
    from catalog.reading.rule import Setting
    from catalog.reading.structure import Item

_MANNERS = ("manner", "standing", "vague")
# 雙方出臺的相關政策: a document that is only spoken of.
_SPOKEN_OF = re.compile("(?:实施|印发|发布|下发|执行)?的")
_SLIGHT = 4  # characters: less than that asks for nothing

REASONS = {
    "name": "名稱或編號的一部分，不是數量",
    "scope": "所指的範圍，不是要達到的數量",
    "over": "印發之前的日期",
    "title": "所引文件名稱的一部分",
    "quoted": "所提及的文件，不是本計劃要出臺的",
    "said": "文中的說明，沒有自己的期限或數量",
}


class Term(NamedTuple):
    """The days of the plan that is drafted."""

    issued_on: date
    starts_on: date
    ends_on: date


def proposed(item: Item, register: Register, setting: Setting, term: Term) -> Proposed:
    """Return the proposals and questions of one item, in the order of its words.

    Every phrase of it ends in a proposal, an aside or a question.
    """
    return _Reader(item, register, setting, term).read()


class _Reader:
    def __init__(self, item: Item, register: Register, setting: Setting, term: Term) -> None:
        self.item, self.text, self.folded = item, item.text, fold(item.text)
        self.register, self.term, self.only = register, term, setting.only
        self.titles = [found.span() for found in re.finditer("《[^《》]*》", self.folded)]
        self.said = phrases.read(item.text, setting)
        self.pen = Pen(item)
        self.places: dict[Mark, Span] = {}  # the clause each phrase stands in
        self.by: tuple[Said, date] | None = None  # the last date, for targets behind it

    def read(self) -> Proposed:
        """Return everything the item asks for."""
        spoken = [s for s in self.said if not self._in_a_title(s.mark)]
        found = sentences(self.text, spoken)
        self.places = {s.mark: c.span for f in found for c in f.clauses for s in c.said}
        labels = [s for s in found if is_when(self._words(s.span))]
        for sentence in found:
            if sentence not in labels:
                self._sentence(sentence)
        for sentence in labels:
            self._label(sentence)
        if not self.pen.proposals and not self.item.preface:
            self._progress(found)
        self._leftovers()
        return self.pen.result()

    # --- what a sentence asks for ------------------------------------------------------------

    def _sentence(self, sentence: Sentence) -> None:
        found = deeds(sentence, self.term.issued_on)
        before = len(self.pen.proposals)
        for deed in found:
            if not deed.recurs and len(deed.readings) == 1 and deed.readings[0].due_on:
                self.by = (deed.dated[0], deed.readings[0].due_on)
            self._deed(sentence, deed)
        if not found:
            for clause in sentence.clauses:
                self._undated(sentence, clause)
        dated = [p.id for p in self.pen.proposals[before:]] if found else []
        self._manners(sentence, dated[-1] if dated else None)

    def _deed(self, sentence: Sentence, deed: Deed) -> None:
        around = [*deed.before, *deed.clauses]
        aimed = [] if deed.recurs else [(c, s) for c in around for s in self._for(c, "target")]
        for clause, said in aimed:
            self._target(clause, said, deed.dated[0], deed.readings)
        over = [c for c in deed.clauses if not self._for(c, "target") and self._weighs(c)]
        if aimed and not over:
            return
        wanted = ("quota", "target") if deed.recurs else ("quota",)
        counted = [(c, s) for c in around for s in self._for(c, *wanted) if self._quota(s)]
        place = over[0] if aimed or (over and not self._weighs(deed.own)) else deed.own
        if not counted:
            self._obligation(sentence, deed, place)
        for clause, said in counted:
            self._obligation(sentence, deed, clause, quota=said)
        if deed.recurs:
            for clause in around:
                if clause is not deed.own:
                    self._document(sentence, clause)

    def _undated(self, sentence: Sentence, clause: Clause) -> None:
        for said in self._for(clause, "target"):
            dated, due_on = self.by or (None, None)
            self._target(clause, said, dated, (_due(due_on),) if due_on else ())
        counted = [s for s in self._for(clause, "quota") if self._quota(s)]
        for said in counted:
            fields = {"quota": self._quota(said), "basis": "office", "due_on": self.term.ends_on}
            self._propose(sentence, clause, [said.mark], "milestone", fields)
        if not counted:
            self._document(sentence, clause)

    def _document(self, sentence: Sentence, clause: Clause) -> None:
        """Propose the document a clause asks for without a date: due at the plan's end."""
        marks = [s.mark for s in clause.said if self._is_document(s)]
        if marks and not self.pen.takes(marks[0]):
            fields = {"basis": "office", "due_on": self.term.ends_on}
            self._propose(sentence, clause, marks[:1], "deliverable", fields)

    def _manners(self, sentence: Sentence, dated: str | None) -> None:
        """Propose a progress report for words like 適時, unless a date of the sentence has them."""
        places = [(c, s.mark) for c in sentence.clauses for s in c.said if s.mark.sort in _MANNERS]
        places = [(c, mark) for c, mark in places if not self.pen.takes(mark)]
        if not places:
            return
        marks = [mark for _, mark in places]
        if dated:
            self.pen.cover(dated, marks)
            return
        clause = places[0][0]
        taken = [
            p for p in self.pen.proposals if clause.span.start <= p.says.start < clause.span.end
        ]
        if taken:
            self.pen.cover(taken[-1].id, marks)
            return
        name = self._propose(sentence, clause, marks[:1], "standing", _STANDING)
        self.pen.cover(name, marks)
        for mark in marks:
            if mark.sort == "vague":
                dated_by = {"recurrence": None, "due_on": self.term.ends_on}
                self.pen.ask("date-vague", name, Span(mark.start, mark.end), ({}, dated_by))

    def _label(self, sentence: Sentence) -> None:
        """Let a line of its own (完成時限:…) date the item."""
        waiting = [p for p in self.pen.proposals if p.fields.get("basis") == "office"]
        found = deeds(sentence, self.term.issued_on)
        for deed in found:
            for proposal in waiting:
                self._redate(proposal.id, proposal.shape, deed)
            if not waiting:
                self._obligation(sentence, deed, deed.own, title=self.item.title)
        if not found and sentence.said and not self.pen.proposals:
            marks = [s.mark for s in sentence.said]
            fields = {**_STANDING, "title": self.item.title}
            self._propose(sentence, sentence.clauses[0], marks, "standing", fields)

    def _redate(self, name: str, shape: str, deed: Deed) -> None:
        offered = [self._dates(when) for when in deed.readings]
        if shape == "target":
            offered = [{"by": when.due_on} for when in deed.readings if when.due_on]
        cleared = {"recurrence": None, "due_on": None, "by": None, "basis": "plan"}
        self.pen.change(name, {**cleared, **(offered[0] if len(offered) == 1 else {})})
        self.pen.cover(name, [s.mark for s in deed.dated])
        self._doubt(name, deed.dated, offered)

    # --- one proposal ------------------------------------------------------------------------

    def _obligation(
        self,
        sentence: Sentence,
        deed: Deed,
        clause: Clause,
        *,
        quota: Said | None = None,
        title: str = "",
    ) -> None:
        offered = [self._dates(when) for when in deed.readings]
        fields: dict[str, Any] = {"basis": "plan", **(offered[0] if len(offered) == 1 else {})}
        around = [deed.own] if deed.recurs else [*deed.before, *deed.clauses]
        documents = [s.mark for c in around for s in c.said if self._is_document(s)]
        own = any(self._is_document(s) for s in clause.said)
        kind = "deliverable" if own else naming.kind(self._words(clause.span), once=not deed.recurs)
        marks = [s.mark for s in deed.dated]
        if quota:
            fields["quota"] = self._quota(quota)
            marks.append(quota.mark)
        marks += [mark for mark in documents if not self.pen.takes(mark)]
        if title:
            fields["title"] = title
        name = self._propose(sentence, clause, marks, kind, fields, own=deed.own)
        apart = clause.span.start != deed.own.span.end + 1 or self._weighs(deed.own)
        if clause is not deed.own and not quota and apart:
            self.pen.cover(name, [_gist(self.text, clause)])
        self._doubt(name, deed.dated, offered)

    def _doubt(self, name: str, dated: Sequence[Said], offered: list[dict[str, Any]]) -> None:
        """Ask for a date that has several readings, or none."""
        if len(offered) != 1:
            doubtful = next((s.mark for s in dated if len(s.readings) != 1), dated[0].mark)
            self.pen.ask("date-doubtful", name, Span(doubtful.start, doubtful.end), offered)

    def _propose(
        self,
        sentence: Sentence,
        clause: Clause,
        marks: Sequence[Mark],
        kind: str,
        fields: dict[str, Any],
        *,
        own: Clause | None = None,
    ) -> str:
        """Propose an obligation, with the bodies that each do it."""
        found = parties(self.text, sentence, clause, self.register)
        if kind == "standing" and found and not _begins(self.folded, clause, found.span):
            found = None
        dates = [s.mark.phrase for s in clause.said if s.mark.sort in DATING]
        title = naming.title(self._original(clause.span), dates)
        fields = {"kind": kind, "title": title, **fields}
        if found and found.agencies:
            fields["parties"] = found.agencies
        place = clause.span
        if own and own.span.start <= marks[0].start < own.span.end:
            near = own.span.end + 1 == clause.span.start and not self._weighs(own)
            place = Span(own.span.start, clause.span.end if near else own.span.end)
        name = self.pen.propose("obligation", kind, marks, fields, clause=place)
        if found and not found.agencies:
            groups = ({"parties": members} for _, members in self.register.gathered[:3])
            self.pen.ask("parties-unknown", name, found.span, groups)
        return name

    def _target(
        self, clause: Clause, said: Said, dated: Said | None, readings: tuple[When, ...]
    ) -> None:
        amount = phrases.figure(said.mark, self.text)
        unit = self._unit(said.mark, amount.unit)
        words = self._words(Span(clause.span.start, said.mark.start))
        over_years = bool(dated and dated.mark.rule in ("span", "five-years"))
        nth = [s.mark for s in self._for(clause, "target")]
        fields: dict[str, Any] = {
            "indicator": self._indicator(clause, said.mark, nth),
            "value": amount.least,
            "unit": unit,
            "by": readings[0].due_on if len(readings) == 1 else None,
            "measured": naming.measured(words, unit, over_years=over_years),
            "bound": amount.bound if amount.bound in ("at-least", "more-than") else None,
        }
        if not dated:
            fields |= {"basis": "office", "by": self.term.ends_on}
        base = self._baseline(clause, said.mark)
        if base:
            fields["baseline"] = base[0]
        before = [mark.end for mark in nth if mark.end <= said.mark.start]
        end = said.mark.end if said.mark in nth[:-1] else clause.span.end
        place = Span(before[-1] if before else clause.span.start, end)
        marks = [said.mark, *(base[1] if base else ())]
        name = self.pen.propose("target", "target", marks, fields, clause=place)
        if dated:
            self.pen.cover(name, [dated.mark])
            offered = [{"by": when.due_on} for when in readings if when.recurs == "once"]
            if len(readings) != 1:
                self._doubt(name, [dated], offered)
        elif self.only is None:
            place = Span(said.mark.start, said.mark.end)
            self.pen.ask("target-undated", name, place, ({"by": self.term.ends_on},))
        if amount.bound == "at-most":
            place = Span(said.mark.start, said.mark.end)
            self.pen.ask("target-at-most", name, place, ({}, {"drop": True}))

    def _indicator(self, clause: Clause, mark: Mark, nth: list[Mark]) -> str:
        first = [s.mark.end for s in clause.said[:1] if s.mark.sort in DATING]
        words = self._original(Span((*first, clause.span.start)[0], mark.start))
        listed = nth.index(mark) if mark in nth else 0
        if listed:
            words = self._original(Span(nth[listed - 1].end, mark.start)).lstrip("、和及與与,，")
            if len(words) < _SLIGHT:
                words = self._original(Span((*first, clause.span.start)[0], nth[0].start))
                return naming.indicator(words, listed + 1, len(nth))
        return naming.indicator(words, 1, 1)

    def _baseline(self, clause: Clause, mark: Mark) -> tuple[dict[str, Any], list[Mark]] | None:
        """Return where the indicator stood, by 由N年的x提升到y, with the phrases that say so."""
        before = [s for s in clause.said if s.mark.end <= mark.start]
        for year, figure in itertools.pairwise(before):
            close = figure.mark.start - year.mark.end <= 1
            if year.mark.sort == "base" and figure.mark.sort in ("figure", "count") and close:
                value = phrases.figure(figure.mark, self.text).least
                return {"value": value, "on": year.readings[0].due_on}, [figure.mark, year.mark]
        return None

    def _unit(self, mark: Mark, folded: str) -> str:
        """Return the unit in the document's own characters."""
        at = fold(mark.phrase).rfind(folded) if folded else -1
        return mark.phrase[at : at + len(folded)] if at >= 0 else "項"

    def _quota(self, said: Said) -> Any:
        amount = phrases.figure(said.mark, self.text)
        whole = isinstance(amount.least, int) and said.mark.sort == "count" and amount.least > 0
        quota = quota_of(amount) if whole else None
        return quota and {k: v for k, v in quota.model_dump().items() if v is not None}

    def _dates(self, when: When) -> dict[str, Any]:
        """Return the fields of a plan that say a reading."""
        if when.recurs == "once":
            opens_on = (
                when.opens_on if when.opens_on and when.opens_on > self.term.issued_on else None
            )
            return _present({"due_on": when.due_on, "opens_on": opens_on})
        since = when.opens_on if when.opens_on and when.opens_on >= self.term.starts_on else None
        return _present({"recurrence": when.recurs, "since": since, "anchor": when.due_on})

    # --- what is left ------------------------------------------------------------------------

    def _progress(self, found: Sequence[Sentence]) -> None:
        """Propose a report on the item as a whole, which names no date and nothing to count."""
        if not found:
            return
        sentence = found[1] if len(found) > 1 else found[0]
        clause = sentence.clauses[0]
        fields = {**_STANDING, "title": naming.title(self.item.title)}
        self._propose(sentence, clause, [_gist(self.text, clause)], "standing", fields)

    def _leftovers(self) -> None:
        """Set aside every phrase that nothing has taken up, and ask where it may be a figure."""
        for said in self.said:
            if said.mark.sort in ("trap", "base") or self.pen.takes(said.mark):
                continue
            why, asked = self._reason(said)
            place = Span(said.mark.start, said.mark.end)
            fields = {"reason": REASONS[why]}
            name = self.pen.propose("aside", "aside", [said.mark], fields, clause=place)
            if asked:
                self.pen.ask("figure-open", name, place, ({},))

    def _reason(self, said: Said) -> tuple[str, bool]:
        mark = said.mark
        if self._in_a_title(mark):
            return "title", False
        if mark.sort in ("count", "figure"):
            use = self._use(mark)
            return (use, False) if use in ("name", "scope") else ("said", True)
        if mark.sort == "document":
            return "quoted", False
        return ("over", False) if is_over(said, self.term.issued_on) else ("said", False)

    # --- words -------------------------------------------------------------------------------

    def _words(self, span: Span) -> str:
        return self.folded[span.start : span.end].strip()

    def _original(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def _in_a_title(self, mark: Mark) -> bool:
        return any(start < mark.start and mark.end < end for start, end in self.titles)

    def _for(self, clause: Clause, *uses: str) -> list[Said]:
        """Return the figures of a clause that are there for one of `uses`."""
        figures = (s for s in clause.said if s.mark.sort in ("count", "figure"))
        return [s for s in figures if self._use(s.mark) in uses]

    def _use(self, mark: Mark) -> aims.Use:
        return aims.use(self.text, mark, self.places.get(mark, Span(mark.start, mark.end)))

    def _is_document(self, said: Said) -> bool:
        """Tell whether a verb asks for a document, and does not only speak of one."""
        if said.mark.sort != "document":
            return False
        before, after = self.folded[: said.mark.start], self.folded[said.mark.end :]
        return not _SPOKEN_OF.match(after) and not before.endswith(("已", "已经", "依法", "按照"))

    def _weighs(self, clause: Clause) -> bool:
        """Tell whether a clause asks for something besides its date."""
        dates = [fold(s.mark.phrase) for s in clause.said if s.mark.sort in DATING]
        return len(naming.stripped(self._words(clause.span), dates)) >= _SLIGHT


_STANDING = {"basis": "office", "recurrence": "half-yearly"}
_GIST = 24  # characters


def _due(due_on: date) -> When:
    return When(due_on=due_on)


def _present(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}


def _gist(text: str, clause: Clause) -> Mark:
    """Return the first words of a clause as something to be quoted."""
    words = text[clause.span.start : clause.span.end]
    start = clause.span.start + len(words) - len(words.lstrip())
    end = min(start + _GIST, clause.span.start + len(words.rstrip()))
    return Mark("", text[start:end], start, end)


def _begins(folded: str, clause: Clause, span: Span) -> bool:
    return not folded[clause.span.start : span.start].strip()
