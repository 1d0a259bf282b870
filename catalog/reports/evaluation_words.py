"""First wording of a yearly evaluation, a paragraph for each section, for a person to edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from catalog.clean import one_line
from catalog.reports.evaluation import Reason
from catalog.wording import say, spell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.reports.evaluation import Evaluation, Locality, Ranked, Work

Section = Literal["opening", "ranking", "best", "mend", "rewards", "targets", "asked"]
SECTIONS: tuple[Section, ...] = get_args(Section)
SHOWN = 3  # duties listed of one locality


def title(evaluation: Evaluation, language: str) -> str:
    """Return the title of the evaluation."""
    return say(language, "evaluation.draft.name", year=evaluation.year)


def first_words(evaluation: Evaluation, language: str) -> dict[str, str]:
    """Return the paragraphs by section."""
    writer = _Writer(evaluation, language)
    return {section: getattr(writer, section)() for section in SECTIONS}


def circular_words(evaluation: Evaluation, language: str) -> dict[str, str]:
    """Return the paragraphs of the circular that tells the results to the localities."""
    asked = say(language, "evaluation.draft.circular-asked")
    return {**first_words(evaluation, language), "asked": asked}


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
        text = self.say(
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
        moved = [(place.name, place.undocumented) for place in evaluation.localities]
        names = [self.say("undocumented-of", name=name, n=n) for name, n in moved if n]
        return text + (self.say("undocumented", names=self.names(names)) if names else "")

    def ranking(self) -> str:
        evaluation = self.evaluation
        lines = [evaluation.formula]
        if evaluation.criteria and (names := self._scores(evaluation.ranking())):
            lines.append(self.say("ranking-all", names=names))
        for group in evaluation.groups:
            ranking = evaluation.ranking(group)
            if len(group.members) < len(evaluation.localities) or not evaluation.criteria:
                names = self._scores(ranking)
                lines += [self.say("ranking", group=group.name, names=names)] if names else []
        return "\n".join([*lines, *self._first_of_groups(), *self._unscored()])

    def _scores(self, ranking: list[Ranked]) -> str:
        return self.names([f"{r.locality.name}{r.locality.score}" for r in ranking])

    def _first_of_groups(self) -> Iterator[str]:
        evaluation = self.evaluation
        for group in evaluation.indicator_groups:
            first = [
                r.locality.name
                for r in evaluation.ranking()
                for points in evaluation.group_points(r.locality.agency)
                if points.group == group and points.rank == 1
            ]
            if first:
                yield self.say("group-first", group=group, names=self.names(first))

    def _unscored(self) -> Iterator[str]:
        """Yield the localities without a score or with data missing, each with the reason."""
        unscored = self.evaluation.unscored
        for reason in (None, *get_args(Reason)):
            if names := [place.name for place in unscored if place.reason == reason]:
                yield self.say(reason or "unscored", names=self.names(names))
        partial = [r.locality for r in self.evaluation.ranking() if r.locality.missing]
        if partial:
            yield self.say("missing", names=self.names([self._missing(p) for p in partial]))

    def _missing(self, place: Locality) -> str:
        indicators = self.names([self.evaluation.criterion(each).name for each in place.missing])
        return self.say("missing-of", name=place.name, indicators=indicators)

    def best(self) -> str:
        lines = [line for ranked in self.evaluation.best for line in self._best(ranked)]
        return "\n".join(lines) or self.say("best-none")

    def mend(self) -> str:
        lines = [line for ranked in self.evaluation.last for line in self._mend(ranked)]
        return "\n".join(lines) or self.say("mend-none")

    def rewards(self) -> str:
        lines = [
            self.say("rewards", name=r.name, text=one_line(r.text), document=r.document)
            for r in self.evaluation.rewards
        ]
        return "\n".join(lines) or self.say("rewards-none")

    def targets(self) -> str:
        courses = self.evaluation.courses
        behind = [course.indicator for course in courses if course.verdict == "behind"]
        unread = [course.indicator for course in courses if course.verdict == "no-reading"]
        text = self.say("targets", n=len(courses), behind=len(behind), unread=len(unread))
        if behind:
            text += self.say("targets-behind", names=self.names(behind))
        lacking = [
            self.say(
                "targets-missing",
                indicator=course.indicator,
                year=self.evaluation.year,
                names=self.names(list(course.missing)),
            )
            for course in courses
            if course.missing
        ]
        return "\n".join([text, *lacking])

    def asked(self) -> str:
        return self.say("asked")

    def _best(self, ranked: Ranked) -> list[str]:
        place = ranked.locality
        done = [self._done(work) for work in place.done[:SHOWN]]
        if place.indicator_score is not None:
            groups = self.evaluation.group_points(place.agency)
            first = [each.group for each in groups if each.rank == 1]
            head = [self._scored("best-scored", ranked)]
            if first:
                head.append(self.say("best-groups", groups=self.names(first)))
            return [*head, *done]
        head_line = self.say(
            "best", rank=ranked.rank, name=place.name, on_time=place.on_time, due=place.due
        )
        return [head_line, *done]

    def _scored(self, key: str, ranked: Ranked) -> str:
        place = ranked.locality
        return self.say(
            key,
            rank=ranked.rank,
            name=place.name,
            score=place.score,
            indicators=place.indicator_score,
            punctuality=place.punctuality or self.say("no-duty-due"),
        )

    def _done(self, work: Work) -> str:
        due = spell(self.language, work.due_on)
        return self.say("done", title=work.title, due=due, said=one_line(work.said))

    def _mend(self, ranked: Ranked) -> list[str]:
        place = ranked.locality
        worst = sorted(place.lost, key=lambda work: (work.done, -work.days, work.key))
        lost = [self._lost(work) for work in worst[:SHOWN]]
        if place.indicator_score is not None:
            return [self._scored("mend-scored", ranked), *self._gaps(place), *lost]
        head = self.say(
            "mend", rank=ranked.rank, name=place.name, late=place.late, undone=place.undone
        )
        return [head, *lost]

    def _gaps(self, place: Locality) -> Iterator[str]:
        """Yield for each group of indicators where the gap to the best is widest."""
        for group in self.evaluation.group_points(place.agency):
            if group.points == group.of:
                continue
            worst = self.evaluation.widest_gap(place, group.group)
            criterion, leader = worst.criterion, worst.leader
            values = {
                "group": group.group,
                "points": group.points,
                "of": group.of,
                "indicator": criterion.name,
            }
            if worst.value is None:
                yield self.say("gap-missing", **values)
            else:
                best = f"{worst.best}{criterion.unit}"
                own = f"{worst.value}{criterion.unit}"
                yield self.say("gap", **values, value=own, best=best, leader=leader)

    def _lost(self, work: Work) -> str:
        kind = "was-late" if work.done else "undone"
        due = spell(self.language, work.due_on)
        return self.say(kind, title=work.title, due=due, days=work.days)
