"""Subjects of letters: what they ask, of how many duties, and the next due date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.clean import one_line
from catalog.letters.kinds import FOR_INFORMATION, KINDS, kind, number_by_kind
from catalog.wording import DEFAULT_LANGUAGE, has, say, say_count, spell

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from catalog.letters.line import DutyLine
    from catalog.letters.speech import Speech

NAMED = 2  # kinds of lines that a subject names


def subject_line(light: str, title: str, due_on: date, *, language: str = DEFAULT_LANGUAGE) -> str:
    """Return a duty in one line: light word, title, due date."""
    word = say(language, "notice.light", light=say(language, f"light.{light}"))
    due = spell(language, due_on)
    return word + say(language, "notice.subject", title=one_line(title), due=due)


def subject(lines: Sequence[DutyLine], speech: Speech) -> str:
    """Return the subject of a letter about `lines`: 關於交辦26項任務的通知（最近時限6月30日）."""
    what, due = asks(lines, speech), next_due(lines, speech)
    if due is None:
        return _of_meetings(lines, speech, what)
    frame = "next" if due >= speech.on else "earliest"
    frame = "due" if _is_single(lines) else frame
    return speech.say(f"letter-subject.frame.{frame}", what=what, due=speech.near(due))


def asks(lines: Sequence[DutyLine], speech: Speech, *, most: int = NAMED) -> str:
    """Return what `lines` ask: of one duty with its title, of many with their number."""
    if _is_single(lines):
        (line,) = lines
        return speech.say(_key(line, speech), title=one_line(line.title))
    counts = number_by_kind(lines, speech.on)
    kinds = [name for name in KINDS if name in counts]
    texts = [
        say_count(speech.language, f"letter-subject.many.{name}", counts[name])
        for name in kinds[:most]
    ]
    text = texts[0]
    for more in texts[1:]:
        text = speech.say("letter-subject.frame.and", first=text, second=more)
    return speech.say("letter-subject.frame.more", what=text) if kinds[most:] else text


def _key(line: DutyLine, speech: Speech) -> str:
    """Return the key of the words for one duty; single news may have words of its own."""
    name = kind(line, speech.on)
    matters = {news.matter for news in line.news}
    own = f"letter-subject.news.{next(iter(matters), '')}"
    is_own = name == "know" and len(matters) == 1 and has(speech.language, own)
    return own if is_own else f"letter-subject.one.{name}"


def next_due(lines: Sequence[DutyLine], speech: Speech) -> date | None:
    """Return the next due date of what is still to be done, or the earliest that has passed.

    Whoever attends a meeting has nothing to do by the due date.
    """
    running = [line for line in lines if not line.is_over and line.ask != "attend"]
    acting = [line for line in running if kind(line, speech.on) not in FOR_INFORMATION] or running
    days = sorted(line.due_on for line in acting)
    return next((day for day in days if day >= speech.on), days[0] if days else None)


def _of_meetings(lines: Sequence[DutyLine], speech: Speech, what: str) -> str:
    """Return the subject of a letter without a due date, with the next day of its meetings."""
    days = [line.meets_on for line in lines if line.ask == "attend" and line.meets_on]
    frame = "plain" if not days else "held" if _is_single(lines) else "next-held"
    day = speech.near(min(days)) if days else ""
    return speech.say(f"letter-subject.frame.{frame}", what=what, day=day)


def _is_single(lines: Sequence[DutyLine]) -> bool:
    return len(lines) == 1 and lines[0].number == 1
