"""Papers of a duty's preparation: agenda, invitation, minutes, pace and draft report."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, Literal, NamedTuple

from pydantic import TypeAdapter

from catalog import wording
from catalog.reports.preparation import Agenda, Material, Pace
from desk.papers import word_gbt9704
from desk.papers.agenda import EXCEL, SHOWN, AgendaPaper
from tasks.letters.calendar_file import DueDate, due_dates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from catalog.reports.preparation import Draft, Line
    from ledger.duties.preparations import Preparation
    from tasks.letters.letter_format import Attachment

Name = Literal["agenda", "minutes", "invitation", "agenda-list", "pace", "days", "draft"]

MATERIAL: TypeAdapter[Material] = TypeAdapter(Material)
NOON = dt.time(12)
BLANK_ROWS = 6  # in a form for filling in by hand
LINES = (12, 74, 36, 34)  # widths in mm

# The papers of each kind of material, and the extension of each file.
PAPERS: Mapping[str, tuple[Name, ...]] = {
    "meeting": ("agenda", "minutes", "invitation", "agenda-list"),
    "event": ("pace", "days"),
    "report": ("draft",),
}
ENDINGS: Mapping[Name, str] = {
    "agenda": "docx",
    "minutes": "docx",
    "invitation": "ics",
    "agenda-list": "xlsx",
    "pace": "docx",
    "days": "ics",
    "draft": "docx",
}


class PaperFile(NamedTuple):
    """A paper as a file."""

    name: str
    media_type: str
    content: bytes


def paper_file(preparation: Preparation, name: str, language: str) -> PaperFile:
    """Return one of the papers, the same bytes each time; KeyError for an unknown name."""
    if name not in PAPERS[preparation.kind]:
        raise KeyError(name)
    material = MATERIAL.validate_json(preparation.data)
    if ENDINGS[name] == "ics":
        calendar = _calendar(material, language)
        return PaperFile(_file(name, language), calendar.content_type, calendar.content)
    if isinstance(material, Agenda) and ENDINGS[name] == "xlsx":
        paper = AgendaPaper(material, language)
        return PaperFile(_file(name, language), EXCEL, paper.content_of_list())
    content = _Writer(material, language).content(name)
    return PaperFile(_file(name, language), word_gbt9704.MEDIA_TYPE, content)


def _file(name: Name, language: str) -> str:
    return f"{wording.say(language, f'prepared.{name}')}.{ENDINGS[name]}"


def _calendar(material: Material, language: str) -> Attachment:
    """Return the proposed day of a meeting, or the checkpoints of a pace."""
    say = functools.partial(wording.say, language)
    if isinstance(material, Agenda):
        title = material.title
        if not material.planned:
            title = say("prepared.proposed", title=title)
        elif material.place:
            title = f"{title} {material.place}"
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
        self._material = material
        self._language = language
        self._say: Callable[..., str] = functools.partial(wording.say, language)

    def content(self, name: Name) -> bytes:
        of, kind = self._material, self._say(f"prepared.{name}")
        title = f"{of.title}{self._say('prepared.dash')}{kind}"
        paper = word_gbt9704.Paper(title, author=of.performer, on=of.on)
        paper.title(of.title)
        paper.heading(kind)
        self._about(paper)
        getattr(self, f"_{name}")(paper, of)
        paper.note(self._say("prepared.note", on=self._day(of.on), key=of.duty))
        return paper.content()

    def _about(self, paper: word_gbt9704.Paper) -> None:
        of = self._material
        parties = self._say("prepared.comma").join(of.participants) or self._say("prepared.none")
        values = {
            "says": of.says,
            "measure": of.measure,
            "lead": of.lead,
            "performer": of.performer,
            "participants": parties,
            "due": self._day(of.due_on),
            "delivered": of.delivered,
            "wanted": of.wanted,
        }
        paper.text(self._say("prepared.about", **values))

    def _agenda(self, paper: word_gbt9704.Paper, agenda: Agenda) -> None:
        of = AgendaPaper(agenda, self._language)
        for line in of.opening:
            paper.text(line)
        for section in of.sections:
            if section.table is None:
                paper.text(section.text)
            else:
                rows = [line.cells for line in section.table.lines]
                table = section.table
                paper.table(section.caption, table.head, rows, table.widths)
            if section.note:
                paper.note(section.note)

    def _minutes(self, paper: word_gbt9704.Paper, agenda: Agenda) -> None:
        for field in ("time", "place", "chair", "present", "clerk"):
            paper.text(self._say(f"prepared.minutes-{field}"))
        items = [(n, line.title, "") for n, line in enumerate(agenda.items[:SHOWN], 1)]
        head = self._head("number", "item", "said")
        self._table(paper, "discussed", head, items or [("", "", "")] * BLANK_ROWS, (12, 62, 82))
        head = self._head("number", "decision", "who", "when")
        self._table(paper, "decided", head, [("", "", "", "")] * BLANK_ROWS, (12, 74, 40, 30))

    def _pace(self, paper: word_gbt9704.Paper, pace: Pace) -> None:
        rows = [(self._day(point.on), point.expected, "", "") for point in pace.checkpoints]
        head = self._head("by", "expected", "planned", "held")
        self._table(paper, "calendar", head, rows, (44, 36, 40, 36))

    def _draft(self, paper: word_gbt9704.Paper, draft: Draft) -> None:
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

    def _lines(self, paper: word_gbt9704.Paper, name: str, lines: Sequence[Line]) -> None:
        rows = [
            (n, line.title, line.performer, self._standing(line)) for n, line in enumerate(lines, 1)
        ]
        self._table(paper, name, self._head("number", "item", "who", "stands"), rows, LINES)

    def _standing(self, line: Line) -> str:
        if line.closed_on is not None:
            return self._say("prepared.closed", on=self._day(line.closed_on))
        light = wording.say(self._language, f"light.{line.light}")
        return f"{light} {self._day(line.due_on)}"

    def _table(
        self,
        paper: word_gbt9704.Paper,
        name: str,
        head: Sequence[str],
        rows: Iterable[Sequence[object]],
        widths: Sequence[int],
    ) -> None:
        lines = list(rows)
        if lines:
            paper.table(self._say(f"prepared.{name}"), head, lines, widths)
        else:
            paper.text(self._say(f"prepared.no-{name}"))

    def _head(self, *names: str) -> tuple[str, ...]:
        return tuple(self._say(f"prepared.col-{name}") for name in names)

    def _day(self, day: dt.date) -> str:
        return wording.spell(self._language, day)
