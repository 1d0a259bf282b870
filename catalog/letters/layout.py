"""Digests: the lines of one letter in groups, the most pressing first."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from catalog.clean import one_line
from catalog.letters.details import details
from catalog.letters.gathering import gathered
from catalog.letters.kinds import kind, number_by_kind, place
from catalog.letters.sentences import invitation, sentences
from catalog.letters.sheet import Group, Item, Sheet
from catalog.letters.speech import Speech
from catalog.letters.subject import asks, next_due, subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from catalog.letters.kinds import Kind
    from catalog.letters.line import DutyLine, Office, TidingLine

MOST_LINES = 15  # lines of a letter; the attached list has all
MOST_DETAILED = 3  # lines up to which each has the plan's words and the reports so far
# The tones of groups, by kind.
_TONES: Mapping[Kind, str] = {
    "mend": "red",
    "late": "red",
    "release": "amber",
    "decide": "amber",
    "accept": "amber",
    "unsigned": "amber",
    "deliver": "amber",
    "copy": "none",
    "know": "none",
    "support": "none",
}


# The sentence that says no more to a performer than the heading of its group.
_OF_HEADING: Mapping[Kind, str] = {
    "file": "rung.before",
    "late": "rung.late",
    "sign": "rung.open",
}


def digest(
    lines: Sequence[DutyLine],
    *,
    language: str,
    recipients: Sequence[str],
    office: Office,
    on: date,
    plan: str = "",
    base_url: str = "",
    attached: str = "",
    demo: bool = False,
    tidings: Sequence[TidingLine] = (),
) -> Sheet:
    """Return the letter that leaves on the day `on`, with one line a duty and the tidings.

    At least one of the two is not empty. `attached` is the name of the file with all lines, which
    is spoken of where some do not fit.
    """
    speech = Speech(language, on)
    ordered = sorted(gathered(lines, on), key=lambda line: place(line, on))
    visible = min(len(ordered), MOST_LINES)
    values = {"n": len(ordered), "shown": visible, "file": attached}
    note = "notice.attached" if attached else "notice.cut"
    url = _address(ordered, tidings, base_url.rstrip("/"))
    return Sheet(
        language=language,
        subject=subject(ordered, speech) if ordered else _of_tidings(tidings, speech),
        mark=speech.say("notice.demo") if demo else "",
        opening=_opening(ordered, tidings, speech),
        answer=answer(speech, url, office, is_asked=any(line.ask != "know" for line in ordered))
        if url or office.name not in recipients
        else "",
        url=url,
        to=speech.say("notice.to", recipient=speech.names(recipients)),
        note=speech.say(note, **values) if visible < len(ordered) else "",
        groups=(*_groups(ordered, speech, base_url), *_news(tidings, speech, visible)),
        foot=foot(speech, office, speech.say("notice.foot", plan=one_line(plan)), demo=demo),
    )


def is_cut(lines: Sequence[DutyLine], on: date) -> bool:
    """Tell whether the letter has no room for all of `lines`."""
    return len(gathered(lines, on)) > MOST_LINES


def address(line: DutyLine, base_url: str) -> str:
    """Return the address of the duty's page, or of the list of several; "" without a desk."""
    base = base_url.rstrip("/")
    if not base:
        return ""
    if line.number == 1:
        return f"{base}/duty/{line.key}"
    plan = line.of.partition("/")[0]
    return f"{base}/ledger?view=open&measure={line.measure}&plan={plan}"


def answer(speech: Speech, url: str, office: Office, *, is_asked: bool = True) -> str:
    """Return the row about where to answer: an address, or the office's contact person.

    Where nothing `is_asked`, it tells where to see more, or whom to ask.
    """
    key = "notice.answer" if is_asked else "notice.see"
    if url:
        return speech.say(key, url=url)
    return speech.say(f"{key}-office", contact=speech.contact(office))


def foot(speech: Speech, office: Office, last: str, *, demo: bool) -> tuple[str, ...]:
    """Return the foot of a letter: the office, its contact person, and the letter's origin."""
    person = speech.person(office)
    rows = (
        one_line(office.name),
        speech.say("notice.contact-row", person=person) if person else "",
        last.strip(),
        speech.say("notice.demo-foot") if demo else "",
    )
    return tuple(filter(None, rows))


def _opening(lines: Sequence[DutyLine], tidings: Sequence[TidingLine], speech: Speech) -> str:
    if not lines:
        return _of_tidings(tidings, speech)
    is_single = len(lines) == 1 and lines[0].number == 1
    what = asks(lines, speech, most=len(lines))
    due = next_due(lines, speech)
    when = speech.due("notice.due" if is_single else "notice.next", due) if due else ""
    if is_single:
        when = when or invitation(lines[0], speech)
    text = speech.say("notice.opening-one" if is_single else "notice.opening", asks=what)
    if is_single and when:
        text = speech.say("notice.opening-due", asks=what, when=when)
    elif when:
        text += speech.say("rung.and", sentence=when)
    others = speech.count("news", len(tidings)) if tidings else ""
    return text + (speech.say("rung.and", sentence=others) if others else "")


def _of_tidings(tidings: Sequence[TidingLine], speech: Speech) -> str:
    first, *others = tidings
    more = speech.count("more", len(others)) if others else ""
    return one_line(first.title) + more


def _address(lines: Sequence[DutyLine], tidings: Sequence[TidingLine], base: str) -> str:
    """Return the address of the only thing the letter is about, else of the recipient's list."""
    if len(lines) == 1:
        return address(lines[0], base)
    if not lines and len(tidings) == 1:
        return tidings[0].url
    return f"{base}/" if base else ""


def _groups(lines: Sequence[DutyLine], speech: Speech, base_url: str) -> Iterator[Group]:
    """Yield the groups of the first lines; a heading counts all duties of its kind."""
    is_detailed = len(lines) <= MOST_DETAILED
    counts = number_by_kind(lines, speech.on)
    visible = enumerate(lines[:MOST_LINES], 1)
    for name, group in groupby(visible, key=lambda pair: kind(pair[1], speech.on)):
        what = speech.say(f"ask.{name}")
        items = [
            Item(
                number,
                one_line(line.title),
                (*_rows(line, speech), *(details(line, speech) if is_detailed else ())),
                address(line, base_url),
            )
            for number, line in group
        ]
        heading = speech.say("ask.heading", what=what, n=counts[name])
        yield Group(heading, _TONES.get(name, "green"), tuple(items))


def _rows(line: DutyLine, speech: Speech) -> list[str]:
    """Return the rows of a line: its due date with the days, who performs it, its sentences."""
    due, heading = _due(line, speech), _OF_HEADING.get(kind(line, speech.on))
    spoken = speech.say(heading) if heading and line.part == "performer" else ""
    texts = [text for text in sentences(line, speech) if text != spoken]
    performers = speech.performers(line)
    if line.part != "performer" and performers not in "".join(texts):
        due += speech.say("notice.semicolon") + speech.say("notice.by", performer=performers)
    if line.plan:
        due += speech.say("notice.semicolon") + speech.say("invitation.plan", plan=line.plan)
    return [due, *texts]


def _due(line: DutyLine, speech: Speech) -> str:
    if meeting := invitation(line, speech):
        return meeting
    if line.is_over:
        return speech.say("notice.due", due=speech.day(line.due_on))
    if line.number > 1:
        return speech.due("notice.several", line.due_on, n=line.number)
    return speech.due("notice.due", line.due_on)


def _news(tidings: Sequence[TidingLine], speech: Speech, before: int) -> Iterator[Group]:
    if not tidings:
        return
    key = "notice.news" if before else "notice.news-only"
    items = [
        Item(number, one_line(tiding.title), (), tiding.url)
        for number, tiding in enumerate(tidings, before + 1)
    ]
    heading = speech.say("ask.heading", what=speech.say(key), n=len(items))
    yield Group(heading, "none", tuple(items))
