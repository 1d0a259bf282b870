"""The papers made of what was prepared for a duty: agenda, invitation, minutes, pace, draft."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, Literal, NamedTuple

from pydantic import TypeAdapter

from catalog import wording
from catalog.reports.preparation import Agenda, Material, Pace
from desk.papers import gbt9704
from tasks.post.channels.ics import DueDate, due_dates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from catalog.reports.preparation import Draft, Line
    from ledger.duties.preparations import Preparation
    from tasks.post.channels.letter import Attachment

Name = Literal["agenda", "minutes", "invitation", "pace", "days", "draft"]

MATERIAL: TypeAdapter[Material] = TypeAdapter(Material)
NOON = dt.time(12)
BLANK_ROWS = 6  # of a form to be filled in by hand
LINES = (12, 74, 36, 34)  # mm of the type area

# Which papers are made of each kind of material, and how each file ends.
PAPERS: Mapping[str, tuple[Name, ...]] = {
    "meeting": ("agenda", "minutes", "invitation"),
    "event": ("pace", "days"),
    "report": ("draft",),
}
ENDINGS: Mapping[Name, str] = {
    "agenda": "docx",
    "minutes": "docx",
    "invitation": "ics",
    "pace": "docx",
    "days": "ics",
    "draft": "docx",
}


class Made(NamedTuple):
    """A paper as a file."""

    name: str
    media_type: str
    content: bytes


def made(prepared: Preparation, name: str, language: str) -> Made:
    """Return one of the papers, the same bytes each time; KeyError for one there is not."""
    if name not in PAPERS[prepared.kind]:
        raise KeyError(name)
    material = MATERIAL.validate_json(prepared.data)
    if ENDINGS[name] == "ics":
        calendar = _calendar(material, language)
        return Made(_file(name, language), calendar.content_type, calendar.content)
    content = _Writer(material, language).made(name)
    return Made(_file(name, language), gbt9704.MEDIA_TYPE, content)


def _file(name: Name, language: str) -> str:
    return f"{wording.say(language, f'prepared.{name}')}.{ENDINGS[name]}"


def _calendar(material: Material, language: str) -> Attachment:
    """Return the day proposed for a meeting, or the days by which a pace has so many."""
    say = functools.partial(wording.say, language)
    if isinstance(material, Agenda):
        title = say("prepared.proposed", title=material.title)
        days = [DueDate(f"{material.duty}#meeting", material.held_on, 1, title)]
    else:
        points = material.checkpoints if isinstance(material, Pace) else ()
        days = [
            DueDate(
                f"{material.duty}#{point.on}",
                point.on,
                1,
                say("prepared.by-then", n=point.expected, title=material.title),
            )
            for point in points
        ]
    return due_dates(days, stamp=dt.datetime.combine(material.on, NOON, dt.UTC))


class _Writer:
    """The Word papers of one material in one language."""

    def __init__(self, material: Material, language: str) -> None:
        self._of = material
        self._language = language
        self._say: Callable[..., str] = functools.partial(wording.say, language)

    def made(self, name: Name) -> bytes:
        title = f"{self._of.title}{self._say('prepared.dash')}{self._say(f'prepared.{name}')}"
        noon = dt.datetime.combine(self._of.on, NOON)
        paper = gbt9704.Paper(title, author=self._of.performer, on=noon)
        paper.title(self._of.title)
        paper.heading(self._say(f"prepared.{name}"))
        self._about(paper)
        getattr(self, f"_{name}")(paper, self._of)
        paper.note(self._say("prepared.note", on=self._day(self._of.on), key=self._of.duty))
        return paper.made()

    def _about(self, paper: gbt9704.Paper) -> None:
        of = self._of
        parties = self._say("prepared.comma").join(of.participants) or self._say("prepared.none")
        said = {
            "says": of.says,
            "measure": of.measure,
            "lead": of.lead,
            "performer": of.performer,
            "participants": parties,
            "due": self._day(of.due_on),
            "delivered": of.delivered,
            "wanted": of.wanted,
        }
        paper.text(self._say("prepared.about", **said))

    def _agenda(self, paper: gbt9704.Paper, agenda: Agenda) -> None:
        paper.text(self._say("prepared.when", on=self._day(agenda.held_on)))
        self._lines(paper, "items", agenda.items)
        rows = [(n, q.text, self._day(q.raised_on)) for n, q in enumerate(agenda.questions, 1)]
        head = self._head("number", "question", "raised")
        self._table(paper, "questions", head, rows, (12, 104, 40))

    def _minutes(self, paper: gbt9704.Paper, agenda: Agenda) -> None:
        for field in ("time", "place", "chair", "present", "clerk"):
            paper.text(self._say(f"prepared.minutes-{field}"))
        items = [(n, line.title, "") for n, line in enumerate(agenda.items, 1)]
        head = self._head("number", "item", "said")
        self._table(paper, "discussed", head, items or [("", "", "")] * BLANK_ROWS, (12, 62, 82))
        head = self._head("number", "decision", "who", "when")
        self._table(paper, "decided", head, [("", "", "", "")] * BLANK_ROWS, (12, 74, 40, 30))

    def _pace(self, paper: gbt9704.Paper, pace: Pace) -> None:
        rows = [(self._day(point.on), point.expected, "", "") for point in pace.checkpoints]
        head = self._head("by", "expected", "planned", "held")
        self._table(paper, "calendar", head, rows, (44, 36, 40, 36))

    def _draft(self, paper: gbt9704.Paper, draft: Draft) -> None:
        paper.text(self._say("prepared.tally", **draft.plan.model_dump()))
        rows = [
            (
                each.indicator,
                f"{each.goal}{each.unit}",
                "" if each.value is None else self._say("prepared.read", **each.model_dump()),
                wording.say(self._language, f"verdict.{each.verdict}"),
            )
            for each in draft.figures
        ]
        head = self._head("indicator", "goal", "read", "verdict")
        self._table(paper, "figures", head, rows, (66, 34, 34, 22))
        self._lines(paper, "done", draft.done)
        self._lines(paper, "open", draft.open)
        for part in ("causes", "next"):
            paper.heading(self._say(f"prepared.write-{part}"))
            paper.text(self._say("prepared.write-here"))

    def _lines(self, paper: gbt9704.Paper, name: str, lines: Sequence[Line]) -> None:
        rows = [
            (n, line.title, line.performer, self._stands(line)) for n, line in enumerate(lines, 1)
        ]
        self._table(paper, name, self._head("number", "item", "who", "stands"), rows, LINES)

    def _stands(self, line: Line) -> str:
        if line.closed_on is not None:
            return self._say("prepared.closed", on=self._day(line.closed_on))
        light = wording.say(self._language, f"light.{line.light}")
        return f"{light} {self._day(line.due_on)}"

    def _table(
        self,
        paper: gbt9704.Paper,
        name: str,
        head: Sequence[str],
        rows: Iterable[Sequence[object]],
        widths: Sequence[int],
    ) -> None:
        shown = list(rows)
        if shown:
            paper.table(self._say(f"prepared.{name}"), head, shown, widths)
        else:
            paper.text(self._say(f"prepared.no-{name}"))

    def _head(self, *names: str) -> tuple[str, ...]:
        return tuple(self._say(f"prepared.col-{name}") for name in names)

    def _day(self, day: dt.date) -> str:
        return wording.spell(self._language, day)
