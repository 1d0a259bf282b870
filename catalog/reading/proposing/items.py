"""What one item asks for, as proposals for a plan and questions: obligations, targets, asides."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.reading.draft import Span
from catalog.reading.grammar.phrases import Mark
from catalog.reading.grammar.rule import When
from catalog.reading.proposing import naming
from catalog.reading.proposing.dated_clauses import DATING, deeds
from catalog.reading.proposing.leftovers import set_aside
from catalog.reading.proposing.pen import Pen, Proposed
from catalog.reading.proposing.targeting import aim
from catalog.reading.proposing.words import Words
from catalog.reading.who.parties import parties

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from catalog.reading.document.clauses import Clause, Sentence
    from catalog.reading.document.structure import Item
    from catalog.reading.grammar.phrases import Said
    from catalog.reading.grammar.rule import Setting
    from catalog.reading.proposing.dated_clauses import Deed
    from catalog.reading.who.register import Register

_MANNERS = ("manner", "standing", "vague")
_REFERS = re.compile("(?:该项|此项|上述|以上|各项)(?:工作|任务|事项)")  # the item as a whole


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
        self.item, self.register, self.term, self.only = item, register, term, setting.only
        self.words = Words(item.text, setting)
        self.pen = Pen(item)
        self.by: tuple[Said, date] | None = None  # the last date, for targets behind it
        self.aimed = False  # whether that date is one of targets

    def read(self) -> Proposed:
        """Return everything the item asks for."""
        found = self.words.sentences
        labels = [s for s in found if self.words.only_says_when(s)]
        for sentence in found:
            if sentence not in labels:
                self._sentence(sentence)
        for sentence in labels:
            self._label(sentence)
        if not self.pen.proposals and not self.item.preface:
            self._progress(found)
        set_aside(self.words, self.pen, self.term.issued_on)
        return self.pen.result()

    # --- what a sentence asks for ------------------------------------------------------------

    def _sentence(self, sentence: Sentence) -> None:
        found = deeds(self.words.folded, sentence, self.term.issued_on)
        before = len(self.pen.proposals)
        above = self.words.folded[: sentence.span.start].rstrip(" ")
        if above.endswith("\n") or not (self.aimed or above.endswith(";")):
            self.by = None
        if len(found) > 1:
            self._aims_before(found)
        for deed in found:
            if not deed.recurs and len(deed.readings) == 1 and deed.readings[0].due_on:
                self.by, self.aimed = (deed.dated[0], deed.readings[0].due_on), False
            self._deed(sentence, deed)
        if not found:
            for clause in sentence.clauses:
                self._undated(sentence, clause)
        dated = [p.id for p in self.pen.proposals[before:]] if found else []
        self._manners(sentence, dated[-1] if dated else None)

    def _aims_before(self, found: list[Deed]) -> None:
        """Ask which of several dates is that of the targets that stand before all of them."""
        first, readings = found[0], [when for deed in found for when in deed.readings]
        if first.recurs:
            return
        for clause in first.before:
            for said in self.words.figures_for(clause, "target"):
                self._target(clause, said, first.dated[0], tuple(readings))
        first.before[:] = [c for c in first.before if not self.words.figures_for(c, "target")]

    def _deed(self, sentence: Sentence, deed: Deed) -> None:
        around = [*deed.before, *deed.clauses]
        aimed = [(c, s) for c in around for s in self._aimed(deed, c)]
        for clause, said in aimed:
            self._target(clause, said, *self._until(deed))
        if deed.recurs:
            aimed = []
        over = [
            c
            for c in deed.clauses
            if not self.words.figures_for(c, "target") and self.words.weighs(c)
        ]
        if aimed and not over:
            return
        counted = [(c, s) for c in around for s in self._counted(deed, c)]
        place = over[0] if aimed or (over and not self.words.weighs(deed.own)) else deed.own
        if not counted:
            self._obligation(sentence, deed, place)
        for clause, said in counted:
            self._obligation(sentence, deed, clause, quota=said)
        for clause in around if deed.recurs else deed.clauses[1:]:
            if clause not in (deed.own, place):
                if deed.recurs or self.words.weighs(deed.own):
                    self._document(sentence, clause)
                elif any(self.words.is_document(s) for s in clause.said):
                    self._obligation(sentence, deed, clause)

    def _aimed(self, deed: Deed, clause: Clause) -> list[Said]:
        """Return the targets of a clause; what is counted every year is a quota, not a target."""
        found = self.words.figures_for(clause, "target")
        if deed.recurs and clause is deed.own:
            return [s for s in found if not self.words.quota(s)]
        return found

    def _counted(self, deed: Deed, clause: Clause) -> list[Said]:
        yearly = deed.recurs and clause is deed.own
        found = (
            self.words.figures_for(clause, "quota", "target")
            if yearly
            else self.words.figures_for(clause, "quota")
        )
        return [s for s in found if self.words.quota(s)]

    def _until(self, deed: Deed) -> tuple[Said | None, tuple[When, ...]]:
        """Return the date a deed's targets are to be reached by, and the phrase that says so."""
        if not deed.recurs:
            return deed.dated[0], deed.readings
        span = next((s for s in deed.dated if s.mark.rule in ("span", "five-years")), None)
        if span:
            return span, span.readings
        dated, due_on = self.by or (None, None)
        return dated, (_due(due_on),) if due_on else ()

    def _undated(self, sentence: Sentence, clause: Clause) -> None:
        for said in self.words.figures_for(clause, "target"):
            dated, due_on = self.by or (None, None)
            self._target(clause, said, dated, (_due(due_on),) if due_on else ())
        counted = [s for s in self.words.figures_for(clause, "quota") if self.words.quota(s)]
        for said in counted:
            fields = {
                "quota": self.words.quota(said),
                "basis": "office",
                "due_on": self.term.ends_on,
            }
            self._propose(sentence, clause, [said.mark], "milestone", fields)
        if not counted:
            self._document(sentence, clause)

    def _document(self, sentence: Sentence, clause: Clause) -> None:
        """Propose the document a clause asks for without a date: due at the plan's end."""
        marks = [s.mark for s in clause.said if self.words.is_document(s)]
        if marks and not self.pen.takes(marks[0]):
            fields = {"basis": "office", "due_on": self.term.ends_on}
            self._propose(sentence, clause, marks[:1], "deliverable", fields)

    def _manners(self, sentence: Sentence, dated: str | None) -> None:
        """Propose a progress report for words like 適時, unless a date of the sentence has them."""
        free: list[tuple[Clause, Mark]] = []
        for clause in sentence.clauses:
            for mark in (s.mark for s in clause.said if s.mark.sort in _MANNERS):
                near = self._resting_on(clause) or (dated if mark.sort != "vague" else None)
                if near:
                    self.pen.cover(near, [mark])
                else:
                    free.append((clause, mark))
        if not free:
            return
        clause, first = free[0]
        name = self._propose(sentence, clause, [first], "standing", _STANDING)
        self.pen.cover(name, [mark for _, mark in free])
        for mark in (mark for _, mark in free if mark.sort == "vague"):
            dated_by = {"recurrence": None, "due_on": self.term.ends_on}
            self.pen.ask("date-vague", name, Span(mark.start, mark.end), ({}, dated_by))

    def _resting_on(self, clause: Clause) -> str | None:
        """Return the last proposal that rests on words of a clause."""
        start, end = clause.span
        found = [p.id for p in self.pen.proposals if start <= p.says.start < end]
        return found[-1] if found else None

    def _label(self, sentence: Sentence) -> None:
        """Let a line of its own (完成時限:…) date the item."""
        waiting = [p for p in self.pen.proposals if p.fields.get("basis") == "office"]
        found = deeds(self.words.folded, sentence, self.term.issued_on)
        for proposal in waiting if found else ():
            self._redate(proposal.id, proposal.shape, found)
        for deed in found:
            due = {when.due_on for when in deed.readings}
            same = [p.id for p in self.pen.proposals if {p.fields.get(k) for k in _DUES} & due]
            if same and not waiting:
                self.pen.cover(same[-1], [s.mark for s in deed.dated])
            elif not waiting:
                self._obligation(sentence, deed, deed.own, title=self.item.title)
        if not found and sentence.said and not self.pen.proposals:
            marks = [s.mark for s in sentence.said]
            fields = {**_STANDING, "title": self.item.title}
            self._propose(sentence, sentence.clauses[0], marks, "standing", fields)

    def _redate(self, name: str, shape: str, found: Sequence[Deed]) -> None:
        """Date a proposal by a label; where that names several dates, ask which."""
        readings = [when for deed in found for when in deed.readings]
        dated = [said for deed in found for said in deed.dated]
        offered = [self._dates(when) for when in readings]
        if shape == "target":
            offered = [{"by": when.due_on} for when in readings if when.due_on]
            if any(when.recurs != "once" for when in readings):  # it is reached once
                offered += [{"by": self.term.ends_on}]
        cleared = {"recurrence": None, "due_on": None, "by": None, "basis": "plan"}
        self.pen.change(name, {**cleared, **(offered[0] if len(offered) == 1 else {})})
        self.pen.cover(name, [said.mark for said in dated])
        self.pen.withdraw("target-undated", name)
        self._doubt(name, dated, offered)

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
        around = [deed.own, clause] if deed.recurs else [*deed.before, deed.own, clause]
        documents = [s.mark for c in around for s in c.said if self.words.is_document(s)]
        own = any(self.words.is_document(s) for s in clause.said)
        kind = (
            "deliverable"
            if own
            else naming.kind(self.words.folded_of(clause.span), once=not deed.recurs)
        )
        marks = [s.mark for s in deed.dated]
        if quota:
            fields["quota"] = self.words.quota(quota)
            marks.append(quota.mark)
        marks += [mark for mark in documents if not self.pen.takes(mark)]
        if title := title or self._title(deed, clause):
            fields["title"] = title
        name = self._propose(sentence, clause, marks, kind, fields, own=deed.own)
        apart = clause.span.start != deed.own.span.end + 1 or self.words.weighs(deed.own)
        if clause is not deed.own and not quota and apart:
            self.pen.cover(name, [_gist(self.words.text, clause)])
        self._doubt(name, deed.dated, offered)

    def _title(self, deed: Deed, clause: Clause) -> str:
        """Return what a clause that says little more than its date is about, from what is near."""
        if _REFERS.match(self.words.folded_of(clause.span)):
            return naming.title(self.item.title)
        if clause is not deed.own or self.words.weighs(clause) or not deed.before:
            return ""
        return naming.title(self.words.original(Span(deed.before[-1].span.start, clause.span.end)))

    def _doubt(self, name: str, dated: Sequence[Said], offered: list[dict[str, Any]]) -> None:
        """Ask for a date that has several readings, or none; days outside the term come last."""
        if len(offered) != 1 or any(len(s.readings) > 1 for s in dated):
            offered = [r for n, r in enumerate(offered) if r not in offered[:n]]
            doubtful = next((s.mark for s in dated if len(s.readings) != 1), dated[0].mark)
            first, last = self.term.issued_on, self.term.ends_on
            days = [r.get("due_on") or r.get("by") or last for r in offered]
            ahead = [r for r, day in zip(offered, days, strict=True) if first <= day <= last]
            self.pen.ask(
                "date-doubtful", name, Span(doubtful.start, doubtful.end), ahead or offered
            )

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
        found = parties(self.words.text, sentence, clause, self.register)
        if kind == "standing" and found and not _begins(self.words.folded, clause, found.span):
            found = None
        dates = [s.mark.phrase for s in clause.said if s.mark.sort in DATING]
        title = naming.title(self.words.original(clause.span), dates)
        fields = {"kind": kind, "title": title, **fields}
        if found and found.agencies:
            fields["parties"] = found.agencies
        place = clause.span
        if own and own.span.start <= marks[0].start < own.span.end:
            near = own.span.end + 1 == clause.span.start and not self.words.weighs(own)
            place = Span(own.span.start, clause.span.end if near else own.span.end)
        name = self.pen.propose("obligation", kind, marks, fields, clause=place)
        if found and not found.agencies:
            groups = ({"parties": members} for members in self.register.places)
            self.pen.ask("parties-unknown", name, found.span, groups)
        return name

    def _target(
        self, clause: Clause, said: Said, dated: Said | None, readings: tuple[When, ...]
    ) -> None:
        found = aim(self.words, clause, said, dated)
        fields = dict(found.fields)
        if not dated:
            fields |= {"by": self.term.ends_on, "basis": "office"}
        elif len(readings) == 1:
            fields["by"] = readings[0].due_on
        name = self.pen.propose("target", "target", found.marks, fields, clause=found.place)
        place = Span(said.mark.start, said.mark.end)
        if dated:
            self.aimed = True
            self.pen.cover(name, [dated.mark])
            offered = [{"by": when.due_on} for when in readings if when.recurs == "once"]
            if len(readings) != 1:
                self._doubt(name, [dated], offered)
        elif self.only is None:
            self.pen.ask("target-undated", name, place, ({"by": self.term.ends_on},))
        if found.bound == "at-most":
            self.pen.ask("target-at-most", name, place, ({}, {"drop": True}))

    def _dates(self, when: When) -> dict[str, Any]:
        """Return the fields of a plan that say a reading."""
        if when.recurs == "once":
            opens_on = (
                when.opens_on if when.opens_on and when.opens_on > self.term.issued_on else None
            )
            return _present({"due_on": when.due_on, "opens_on": opens_on})
        since = when.opens_on if when.opens_on and when.opens_on >= self.term.starts_on else None
        until = when.until if when.until and when.until < self.term.ends_on else None
        dates = {"since": since, "until": until, "anchor": when.due_on}
        return _present({"recurrence": when.recurs, **dates})

    # --- what is left ------------------------------------------------------------------------

    def _progress(self, found: Sequence[Sentence]) -> None:
        """Propose a report on the item as a whole, which names no date and nothing to count."""
        found = [sentence for sentence in found if sentence.clauses]  # 。 alone has none
        if not found:
            return
        told = [s for s in found if not self.words.original(s.span).startswith(("(", "（"))]
        sentence = [*told, *found][1 if len(told) > 1 else 0]
        clause = sentence.clauses[0]
        fields = {**_STANDING, "title": naming.title(self.item.title)}
        self._propose(sentence, clause, [_gist(self.words.text, clause)], "standing", fields)


_DUES = ("due_on", "by")
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
