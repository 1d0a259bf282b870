"""First wording of a circular, a paragraph for each section, for a person to edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from catalog.clean import one_line
from catalog.dates.spans import span
from catalog.reports import evaluation_words
from catalog.reports.evaluation import Evaluation
from catalog.wording import say, spell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.reports.circular import CircularFigures

Section = Literal["opening", "praise", "overdue", "behind", "targets", "problems", "asked"]
SECTIONS: tuple[Section, ...] = get_args(Section)
NAMED = 8  # names in one sentence; the tables have them all
# The sentences of the opening, each with its figures; those of 0 are left out.
ALWAYS = ("whole", "due")
OPENING: Mapping[str, tuple[str, ...]] = {
    "whole": ("opened", "closed"),
    "due": ("on_time", "late", "overdue", "not_done", "waiting", "excused", "running"),
    "moves": ("closed_in_span", "extended", "slips"),
    "end": ("all_overdue", "review", "behind"),
}


def title(circular: CircularFigures | Evaluation, language: str) -> str:
    """Return the title of the circular, of a span or of a year's evaluation."""
    if isinstance(circular, Evaluation):
        return say(language, "evaluation.draft.circular-name", year=circular.year)
    return say(language, "circular.title", span=span(circular.span).name(language))


def sections_of(circular: CircularFigures | Evaluation) -> tuple[str, ...]:
    """Return the names of its sections, in order."""
    return evaluation_words.SECTIONS if isinstance(circular, Evaluation) else SECTIONS


def first_words(
    circular: CircularFigures, language: str, problems: Mapping[tuple[str, int], tuple[str, str]]
) -> dict[str, str]:
    """Return the paragraphs; `problems` are texts with their answers by duty and number."""
    writer = _Writer(circular, language, problems)
    return {section: getattr(writer, section)() for section in SECTIONS}


class _Writer:
    """The sentences of one circular in one language."""

    def __init__(
        self,
        circular: CircularFigures,
        language: str,
        texts: Mapping[tuple[str, int], tuple[str, str]],
    ) -> None:
        self.circular = circular
        self.language = language
        self.texts = texts

    def say(self, key: str, /, **values: object) -> str:
        return say(self.language, f"circular.{key}", **values)

    def names(self, names: Sequence[str]) -> str:
        """Return the first names, with their number when there are more."""
        text = say(self.language, "notice.comma").join(names[:NAMED])
        return text if len(names) <= NAMED else self.say("and-more", names=text, n=len(names))

    def listing(self, section: str, names: Sequence[str]) -> str:
        if not names:
            return self.say(f"{section}-none")
        return self.say(section, names=self.names(names), n=len(names))

    def opening(self) -> str:
        n = self.circular.figures.undocumented
        sentences = "".join(self._sentence(name, parts) for name, parts in OPENING.items())
        return sentences + (self.say("undocumented", n=n) if n else "")

    def _sentence(self, name: str, parts: Sequence[str]) -> str:
        """Return a sentence of the opening with its figures that are not 0, "" without any."""
        circular, figures = self.circular, self.circular.figures.model_dump()
        texts = [self.say(f"opening.{part}", n=figures[part]) for part in parts if figures[part]]
        if not texts and name not in ALWAYS:
            return ""
        return self.say(
            f"opening.{name}" if texts else f"opening.{name}-none",
            on=spell(self.language, circular.on),
            plan=circular.title,
            span=span(circular.span).name(self.language),
            parts=say(self.language, "adhoc.comma").join(texts),
            **figures,
        )

    def praise(self) -> str:
        return self.listing("praise", [agency.name for agency in self.circular.praised])

    def overdue(self) -> str:
        laggards = self.circular.laggards
        names = [
            self.say("laggard", agency=a.name, n=a.all_overdue, days=a.longest) for a in laggards
        ]
        return self.listing("overdue", names)

    def behind(self) -> str:
        return self.listing(
            "behind", [self.say("quota", **q.model_dump()) for q in self.circular.behind]
        )

    def targets(self) -> str:
        behind = [
            target.indicator for target in self.circular.targets if target.verdict == "behind"
        ]
        return self.listing("targets", behind)

    def problems(self) -> str:
        figures = self.circular.figures
        if not self.circular.problems:
            return self.say("problems-none")
        counts = self.say("problems", raised=figures.raised, answered=figures.answered)
        return "\n".join([counts, *self._problems()])

    def _problems(self) -> list[str]:
        lines = []
        for problem in self.circular.problems:
            text, answer = self.texts[problem.key, problem.number]
            reply = self.say("answer", text=one_line(answer)) if answer else self.say("no-answer")
            line = self.say(
                "problem", agency=problem.agency, title=problem.title, text=one_line(text)
            )
            lines.append(line + reply)
        return lines

    def asked(self) -> str:
        kind = "asked" if self.circular.figures.all_overdue else "asked-none"
        return self.say(kind, coming=len(self.circular.coming))
