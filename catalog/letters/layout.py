"""Texts of notices, digests and slips in each language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from catalog.clean import one_line
from catalog.letters.asks import EVENTS
from catalog.wording import DEFAULT_LANGUAGE, say, say_count, spell

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from catalog.letters.inquiry import Inquiry, Word

_URGENCY = {"red": 0, "amber": 1, "green": 2, "none": 3}
NAMED = 8  # parties that a letter names; the others are counted
LONGEST_QUOTE = 200  # characters of the last word that a letter repeats


class Text(NamedTuple):
    """A letter's subject (one line) and plain-text body."""

    subject: str
    body: str


class Parties(NamedTuple):
    """The parties of an obligation in one period, in the eyes of one that is none of them.

    `obligation` names it with its plan and period; `done` of `all` have been closed as done.
    """

    obligation: str
    done: int
    all: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """One duty in a letter to one recipient; agencies by name, `rung` a key of the ladder.

    The notice of an event (`returned:2`) has the words of its deed as its `remark`. `parties` is
    for whoever follows up a duty of several parties; `performers` are those of a line that stands
    for all of them. `inquiry` asks for progress, alone or beside what the rung says.
    """

    key: str
    measure: str
    title: str
    says: str
    lead: str
    performer: str
    due_on: date
    rung: str
    participants: tuple[str, ...] = ()
    light: str = "none"
    provisional: bool = False
    delivered: int = 0
    quota_min: int | None = None
    quota_max: int | None = None
    acknowledged_on: date | None = None
    filed_on: date | None = None
    returned_on: date | None = None
    information: bool = False  # for a participant, who has nothing to do
    awaits_release: bool = False  # for the office: a slip is drafted and waits for release
    remark: str = ""
    parties: Parties | None = None
    performers: tuple[str, ...] = ()
    inquiry: Inquiry | None = None

    @property
    def event(self) -> str:
        """The event of the notice; empty for a rung of the ladder."""
        name = self.rung.partition(":")[0]
        return name if name in EVENTS else ""


class TidingLine(NamedTuple):
    """A line of a digest about no duty, and the address of the details."""

    title: str
    where: str


def subject_line(light: str, title: str, due_on: date, *, language: str = DEFAULT_LANGUAGE) -> str:
    """Return the subject of a letter about one duty: light word, title, due date."""
    word = say(language, "notice.light", light=say(language, f"light.{light}"))
    due = spell(language, due_on)
    return word + say(language, "notice.subject", title=one_line(title), due=due)


def digest_text(
    lines: Sequence[NoticeLine],
    *,
    language: str,
    recipient: str,
    on: date,
    plan: str = "",
    base_url: str = "",
    demo: bool = False,
    tidings: Sequence[TidingLine] = (),
) -> Text:
    """Return the letter to `recipient` on day `on` with the duties and tidings.

    At least one of the two is not empty. The most urgent duty comes first. It gives the subject
    and the first two lines: the task, its due date, and where to answer. A duty is one item,
    however much there is to say of it.
    """
    writer = _Writer(language, on, base_url)
    mark = say(language, "notice.demo") if demo else ""
    items = _by_duty(sorted(lines, key=_urgency))
    heads = [first for first, *_ in items]
    subject, head = writer.duties(heads) if heads else writer.tidings(tidings)
    blocks = [writer.block(n, item) for n, item in enumerate(items, 1)]
    blocks += [writer.tiding(n, t) for n, t in enumerate(tidings, len(items) + 1)]
    head = [mark + head[0], head[1]]
    opening = "\n".join([*head, "", say(language, "notice.to", recipient=one_line(recipient))])
    body = "\n\n".join([opening, *blocks, writer.foot("notice.foot", plan, demo=demo)])
    return Text(mark + subject, body + "\n")


def slip_text(
    line: NoticeLine,
    *,
    language: str,
    recipient: str,
    office: str,
    on: date,
    plan: str = "",
    base_url: str = "",
    demo: bool = False,
    grade: str = "",
    number: str = "",
    copies: Sequence[str] = (),
) -> Text:
    """Return the slip (督辦單) of `grade` (amber or red) for one overdue duty.

    It is a draft without a `number` until a person of the office releases it
    (docs/rules.md, The ladder). `copies` are the agencies it is copied to (抄送).
    """
    writer = _Writer(language, on, base_url)
    grade = grade or (line.light if line.light == "red" else "amber")
    mark = say(language, "notice.demo") if demo else ""
    values = writer.values(line) | {"plan": one_line(plan), "recipient": one_line(recipient)}
    numbered = say(language, "slip.number", number=number) + "\n" if number else ""
    parts = [
        mark + say(language, f"slip.head-{grade}", **values) + "\n" + writer.answer(line),
        numbered + say(language, "notice.to", **values),
        say(language, "slip.finding", **values) + "\n" + writer.reported(line),
        say(
            language,
            f"slip.demand-{grade}{'-own' if recipient == line.performer else ''}",
            **values,
        ),
        say(language, "slip.signed", office=one_line(office), on=spell(language, on)),
        writer.copies(copies) + writer.foot("slip.foot", plan, demo=demo),
    ]
    return Text(mark + say(language, f"slip.subject-{grade}", **values), "\n\n".join(parts) + "\n")


def _by_duty(lines: Sequence[NoticeLine]) -> list[list[NoticeLine]]:
    """Return the lines of each duty together, those that ask the reader to act first."""
    items: dict[object, list[NoticeLine]] = {}
    for line in lines:
        items.setdefault((line.key, line.performers), []).append(line)
    return [sorted(item, key=_asks_nothing) for item in items.values()]


def _asks_nothing(line: NoticeLine) -> bool:
    return line.information or EVENTS.get(line.event, "act") == "know"


def _urgency(line: NoticeLine) -> tuple[int, date, str]:
    return _URGENCY[line.light], line.due_on, line.key


def _family(line: NoticeLine, on: date) -> str:
    """Return the name of a rung's sentence; one that comes late uses the present situation."""
    name = re.sub(r"-\d+$", "", line.rung.partition(":")[0])
    if name in {"issue", "unsigned", "behind"}:
        return name
    if on > line.due_on:
        return name if name == "late-every" else "late"
    return "today" if on == line.due_on else "before"


def _number(rung: str) -> int:
    digits = re.search(r"\d+", rung)
    return int(digits[0]) if digits else 0


class _Writer:
    """The sentences of one letter: a language, its day, and where answers go."""

    def __init__(self, language: str, on: date, base_url: str) -> None:
        self.language = language
        self.on = on
        self.base_url = base_url.rstrip("/")

    def say(self, key: str, /, **values: object) -> str:
        return say(self.language, key, **values)

    def count(self, noun: str, number: int) -> str:
        return say_count(self.language, f"count.{noun}", number)

    def values(self, line: NoticeLine) -> dict[str, object]:
        return {
            "title": one_line(line.title),
            "measure": line.measure,
            "due": spell(self.language, line.due_on),
            "days": self.count("day", abs((line.due_on - self.on).days)),
            "workdays": self.count("workday", _number(line.rung)),
            "period": self.period(line.rung.partition(":")[2]),
            "lead": one_line(line.lead),
            "performer": self.performers(line),
            "on": spell(self.language, self.on),
        }

    def performers(self, line: NoticeLine) -> str:
        """Return the performer, or the first performers of several parties and their number."""
        names = line.performers or (line.performer,)
        text = self.say("notice.comma").join(map(one_line, names[:NAMED]))
        return self.say("notice.and-others", names=text, n=len(names)) if names[NAMED:] else text

    def period(self, label: str) -> str:
        year, _, quarter = label.partition("-Q")
        return self.say("date.quarter", year=year, n=quarter) if quarter else label

    def light(self, line: NoticeLine) -> str:
        return self.say("notice.light", light=self.say(f"light.{line.light}"))

    def subject(self, line: NoticeLine, more: int) -> str:
        subject = subject_line(line.light, line.title, line.due_on, language=self.language)
        return subject + (self.say("notice.subject-more", n=more + 1) if more else "")

    def duties(self, ordered: Sequence[NoticeLine]) -> tuple[str, list[str]]:
        """Return the subject and the first two lines of a letter about duties."""
        first, more = ordered[0], len(ordered) - 1
        return self.subject(first, more), [self.task(first, more), self.where(first, more)]

    def tidings(self, lines: Sequence[TidingLine]) -> tuple[str, list[str]]:
        """Return the subject and the first two lines of a letter without duties."""
        first, *others = lines
        title = one_line(first.title)
        task = self.say("tiding.task", title=title)
        return title, [task + (self.count("more", len(others)) if others else ""), first.where]

    def tiding(self, number: int, line: TidingLine) -> str:
        return f"{number}. {one_line(line.title)}\n   {line.where}"

    def task(self, line: NoticeLine, more: int) -> str:
        request = EVENTS.get(line.event, "act")
        kind = "late" if self.on > line.due_on else "due"
        kind = "decide" if request == "decide" else kind
        kind = "information" if line.information or request == "know" else kind
        kind = "release" if line.awaits_release else kind
        if line.inquiry and line.inquiry.is_all:
            kind = "progress" if line.inquiry.is_own else "progress-others"
        task = self.say(f"notice.task-{kind}", **self.values(line))
        return task + (self.count("more", more) if more else "")

    def where(self, line: NoticeLine, more: int) -> str:
        if more and self.base_url:
            return self.say("notice.answer-many", url=self.base_url)
        return self.answer(line)

    def answer(self, line: NoticeLine) -> str:
        if self.base_url:
            return self.say("notice.answer", url=f"{self.base_url}/duty/{line.key}")
        if line.awaits_release:
            return self.say("notice.answer-release")
        if line.information or EVENTS.get(line.event, "act") != "act":
            return self.say("notice.answer-none", key=line.key)
        if line.inquiry and line.inquiry.is_all:
            return self.say("notice.answer-progress", key=line.key)
        return self.say("notice.answer-command", key=line.key)

    def block(self, number: int, item: Sequence[NoticeLine]) -> str:
        line, title = item[0], one_line(item[0].title)
        rows = [f"{number}. {self.light(line)}{title}", self.source(line)]
        rows += [self.parties(line), self.due(line), self.reported(line)]
        rows += dict.fromkeys(map(self.sentence, item))
        return "\n   ".join([*rows, self.answer(line)])

    def source(self, line: NoticeLine) -> str:
        kind = "source" if line.says else "source-office"
        return self.say(f"notice.{kind}", says=one_line(line.says), measure=line.measure)

    def parties(self, line: NoticeLine) -> str:
        parties = self.say("notice.parties", **self.values(line))
        if not line.participants:
            return parties
        names = self.say("notice.comma").join(map(one_line, line.participants))
        return parties + self.say("notice.participants", names=names)

    def due(self, line: NoticeLine) -> str:
        kind = "due-provisional" if line.provisional else "due"
        return self.say(f"notice.{kind}", **self.values(line))

    def reported(self, line: NoticeLine) -> str:
        facts = self.say("notice.semicolon").join(self.facts(line))
        return self.say("notice.reported", facts=facts)

    def facts(self, line: NoticeLine) -> list[str]:
        done = line.parties and self.say("notice.parties-done", **line.parties._asdict())
        if line.performers:
            return [done or ""]
        facts = [done] if done else []
        facts += [self.quota(line)] if line.quota_min is not None else []
        facts.append(self.fact("acknowledged", line.acknowledged_on))
        facts.append(self.fact("filed", line.filed_on))
        return facts + ([self.fact("returned", line.returned_on)] if line.returned_on else [])

    def fact(self, name: str, day: date | None) -> str:
        if day is None:
            return self.say(f"notice.not-{name}")
        return self.say(f"notice.{name}", on=spell(self.language, day))

    def quota(self, line: NoticeLine) -> str:
        quota = f"{line.quota_min}-{line.quota_max}"
        if line.quota_max is None:
            quota = self.say("notice.at-least", min=line.quota_min)
        elif line.quota_max == line.quota_min:
            quota = str(line.quota_min)
        return self.say("notice.quota", delivered=line.delivered, wanted=quota)

    def sentence(self, line: NoticeLine) -> str:
        if line.awaits_release:
            return self.say("notice.awaits-release", **self.values(line))
        if line.inquiry and line.inquiry.is_all:
            return self.inquiry(line.inquiry)
        rung = "information" if line.information else _family(line, self.on)
        key = f"deeds.letter.{line.event}" if line.event else f"rung.{rung}"
        text = self.say(key, **self.values(line))
        if line.remark:
            text += self.say("notice.remark", words=one_line(line.remark))
        if line.inquiry:
            text += self.say("rung.and", sentence=self.inquiry(line.inquiry))
        return text

    def copies(self, agencies: Sequence[str]) -> str:
        """Return the line of those a slip is copied to, empty for none."""
        names = self.say("notice.comma").join(map(one_line, agencies))
        return self.say("slip.copies", names=names) + "\n" if names else ""

    def inquiry(self, inquiry: Inquiry) -> str:
        """Return the sentence that asks for progress, and quotes the last word."""
        kind = "silent" if inquiry.workdays else "again" if inquiry.asked_on else "first"
        whose = "" if inquiry.is_own else "-others"
        values = {
            "asked": spell(self.language, inquiry.asked_on) if inquiry.asked_on else "",
            "workdays": self.count("workday", inquiry.workdays),
        }
        text = self.say(f"rung.inquiry-{kind}{whose}", **values)
        if not inquiry.is_quoted:
            return text
        return text + self.say("rung.and", sentence=self.word(inquiry.word))

    def word(self, word: Word | None) -> str:
        if word is None:
            return self.say("rung.no-word")
        text = one_line(word.text)
        text = text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"
        values = {"on": spell(self.language, word.on), "by": one_line(word.by), "text": text}
        return self.say("rung.last-word", **values)

    def foot(self, key: str, plan: str, *, demo: bool) -> str:
        rows = [self.say(key, plan=one_line(plan)).strip()]
        return "\n".join(["-- ", *rows, *([self.say("notice.demo-foot")] if demo else [])])
