"""What a circular says before a person has edited it: a paragraph for each of its sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from catalog.dates.spans import span
from catalog.ladder.texts import one_line
from catalog.wording import say, spell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.reports.circular import CircularFigures

Section = Literal["opening", "praise", "overdue", "behind", "targets", "problems", "asked"]
SECTIONS: tuple[Section, ...] = get_args(Section)
NAMED = 8  # names in one sentence; the tables have them all


def title(told: CircularFigures, language: str) -> str:
    """Return what the circular is called."""
    return say(language, "circular.title", span=span(told.span).name(language))


def first_words(
    told: CircularFigures, language: str, said: Mapping[tuple[str, int], tuple[str, str]]
) -> dict[Section, str]:
    """Return the paragraphs; `said` are the problem and its answer by duty and number."""
    writer = _Writer(told, language, said)
    return {section: getattr(writer, section)() for section in SECTIONS}


class _Writer:
    """The sentences of one circular in one language."""

    def __init__(
        self, told: CircularFigures, language: str, said: Mapping[tuple[str, int], tuple[str, str]]
    ) -> None:
        self.told = told
        self.language = language
        self.said = said

    def say(self, key: str, /, **values: object) -> str:
        return say(self.language, f"circular.{key}", **values)

    def names(self, found: Sequence[str]) -> str:
        """Return the first names, and how many there are when these are not all."""
        shown = say(self.language, "notice.comma").join(found[:NAMED])
        return shown if len(found) <= NAMED else self.say("and-more", names=shown, n=len(found))

    def listing(self, section: str, found: Sequence[str]) -> str:
        if not found:
            return self.say(f"{section}-none")
        return self.say(section, names=self.names(found), n=len(found))

    def opening(self) -> str:
        told = self.told
        return self.say(
            "opening",
            on=spell(self.language, told.on),
            plan=told.title,
            span=span(told.span).name(self.language),
            **told.figures.model_dump(),
        )

    def praise(self) -> str:
        return self.listing("praise", [agency.name for agency in self.told.praised])

    def overdue(self) -> str:
        laggards = self.told.laggards
        found = [
            self.say("laggard", agency=a.name, n=a.all_overdue, days=a.longest) for a in laggards
        ]
        return self.listing("overdue", found)

    def behind(self) -> str:
        return self.listing(
            "behind", [self.say("quota", **q.model_dump()) for q in self.told.behind]
        )

    def targets(self) -> str:
        behind = [target.indicator for target in self.told.targets if target.verdict == "behind"]
        return self.listing("targets", behind)

    def problems(self) -> str:
        figures = self.told.figures
        if not self.told.problems:
            return self.say("problems-none")
        counts = self.say("problems", raised=figures.raised, answered=figures.answered)
        return "\n".join([counts, *self._problems()])

    def _problems(self) -> list[str]:
        lines = []
        for problem in self.told.problems:
            text, answer = self.said[problem.key, problem.number]
            answered = (
                self.say("answer", text=one_line(answer)) if answer else self.say("no-answer")
            )
            line = self.say(
                "problem", agency=problem.agency, title=problem.title, text=one_line(text)
            )
            lines.append(line + answered)
        return lines

    def asked(self) -> str:
        kind = "asked" if self.told.figures.all_overdue else "asked-none"
        return self.say(kind, coming=len(self.told.coming))
