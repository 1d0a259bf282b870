"""What a yearly evaluation says before an officer has finished it: a paragraph a section."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from catalog.ladder.texts import one_line
from catalog.wording import say, spell

if TYPE_CHECKING:
    from catalog.reports.evaluation import Evaluation, Ranked, Work

Section = Literal["opening", "ranking", "best", "mend", "targets", "asked"]
SECTIONS: tuple[Section, ...] = get_args(Section)
SHOWN = 3  # works told of one locality


def title(told: Evaluation, language: str) -> str:
    """Return what the evaluation is called."""
    return say(language, "evaluation.draft.name", year=told.year)


def first_words(told: Evaluation, language: str) -> dict[Section, str]:
    """Return the paragraphs by section."""
    writer = _Writer(told, language)
    return {section: getattr(writer, section)() for section in SECTIONS}


class _Writer:
    """The sentences of one evaluation in one language."""

    def __init__(self, told: Evaluation, language: str) -> None:
        self.told = told
        self.language = language

    def say(self, key: str, /, **values: object) -> str:
        return say(self.language, f"evaluation.draft.{key}", **values)

    def names(self, found: list[str]) -> str:
        return say(self.language, "notice.comma").join(found)

    def opening(self) -> str:
        told = self.told
        return self.say(
            "opening",
            plan=told.title,
            year=told.year,
            on=spell(self.language, told.on),
            n=len(told.localities),
            due=sum(place.due for place in told.localities),
            on_time=sum(place.on_time for place in told.localities),
            late=sum(place.late for place in told.localities),
            undone=sum(place.undone for place in told.localities),
        )

    def ranking(self) -> str:
        lines = [self.told.formula]
        for group in self.told.groups:
            found = [f"{r.locality.name}{r.locality.score}" for r in self.told.ranking(group)]
            if found:
                lines.append(self.say("ranking", group=group.name, names=self.names(found)))
        left = [place.name for place in self.told.unscored]
        if left:
            lines.append(self.say("unscored", names=self.names(left)))
        return "\n".join(lines)

    def best(self) -> str:
        lines = [line for ranked in self.told.best for line in self._best(ranked)]
        return "\n".join(lines) or self.say("best-none")

    def mend(self) -> str:
        lines = [line for ranked in self.told.last for line in self._mend(ranked)]
        return "\n".join(lines) or self.say("mend-none")

    def targets(self) -> str:
        courses = self.told.courses
        behind = [course.indicator for course in courses if course.verdict == "behind"]
        unread = [course.indicator for course in courses if course.verdict == "no-reading"]
        said = [self.say("targets", n=len(courses), behind=len(behind), unread=len(unread))]
        if behind:
            said.append(self.say("targets-behind", names=self.names(behind)))
        return "".join(said)

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
