"""First wording of a yearly evaluation, a paragraph for each section, for a person to edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from catalog.ladder.letter_layout import one_line
from catalog.wording import say, spell

if TYPE_CHECKING:
    from catalog.reports.evaluation import Evaluation, Ranked, Work

Section = Literal["opening", "ranking", "best", "mend", "targets", "asked"]
SECTIONS: tuple[Section, ...] = get_args(Section)
SHOWN = 3  # duties listed of one locality


def title(evaluation: Evaluation, language: str) -> str:
    """Return the title of the evaluation."""
    return say(language, "evaluation.draft.name", year=evaluation.year)


def first_words(evaluation: Evaluation, language: str) -> dict[Section, str]:
    """Return the paragraphs by section."""
    writer = _Writer(evaluation, language)
    return {section: getattr(writer, section)() for section in SECTIONS}


class _Writer:
    """The sentences of one evaluation in one language."""

    def __init__(self, evaluation: Evaluation, language: str) -> None:
        self.evaluation = evaluation
        self.language = language

    def say(self, key: str, /, **values: object) -> str:
        return say(self.language, f"evaluation.draft.{key}", **values)

    def names(self, names: list[str]) -> str:
        return say(self.language, "notice.comma").join(names)

    def opening(self) -> str:
        evaluation = self.evaluation
        return self.say(
            "opening",
            plan=evaluation.title,
            year=evaluation.year,
            on=spell(self.language, evaluation.on),
            n=len(evaluation.localities),
            due=sum(place.due for place in evaluation.localities),
            on_time=sum(place.on_time for place in evaluation.localities),
            late=sum(place.late for place in evaluation.localities),
            undone=sum(place.undone for place in evaluation.localities),
        )

    def ranking(self) -> str:
        lines = [self.evaluation.formula]
        for group in self.evaluation.groups:
            ranking = self.evaluation.ranking(group)
            if names := [f"{r.locality.name}{r.locality.score}" for r in ranking]:
                lines.append(self.say("ranking", group=group.name, names=self.names(names)))
        if unscored := [place.name for place in self.evaluation.unscored]:
            lines.append(self.say("unscored", names=self.names(unscored)))
        return "\n".join(lines)

    def best(self) -> str:
        lines = [line for ranked in self.evaluation.best for line in self._best(ranked)]
        return "\n".join(lines) or self.say("best-none")

    def mend(self) -> str:
        lines = [line for ranked in self.evaluation.last for line in self._mend(ranked)]
        return "\n".join(lines) or self.say("mend-none")

    def targets(self) -> str:
        courses = self.evaluation.courses
        behind = [course.indicator for course in courses if course.verdict == "behind"]
        unread = [course.indicator for course in courses if course.verdict == "no-reading"]
        text = self.say("targets", n=len(courses), behind=len(behind), unread=len(unread))
        if behind:
            text += self.say("targets-behind", names=self.names(behind))
        return text

    def asked(self) -> str:
        return self.say("asked")

    def _best(self, ranked: Ranked) -> list[str]:
        place = ranked.locality
        head = self.say(
            "best", rank=ranked.rank, name=place.name, on_time=place.on_time, due=place.due
        )
        return [head, *(self._done(work) for work in place.done[:SHOWN])]

    def _done(self, work: Work) -> str:
        due = spell(self.language, work.due_on)
        return self.say("done", title=work.title, due=due, said=one_line(work.said))

    def _mend(self, ranked: Ranked) -> list[str]:
        place = ranked.locality
        head = self.say(
            "mend", rank=ranked.rank, name=place.name, late=place.late, undone=place.undone
        )
        worst = sorted(place.lost, key=lambda work: (work.done, -work.days, work.key))
        return [head, *(self._lost(work) for work in worst[:SHOWN])]

    def _lost(self, work: Work) -> str:
        kind = "was-late" if work.done else "undone"
        due = spell(self.language, work.due_on)
        return self.say(kind, title=work.title, due=due, days=work.days)
