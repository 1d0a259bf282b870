"""Slips (督辦單): papers of the office about one overdue duty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.clean import one_line
from catalog.letters.details import reported
from catalog.letters.layout import address, answer, foot
from catalog.letters.line import Text
from catalog.letters.speech import Speech

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from catalog.letters.line import DutyLine, Office


def slip_text(
    line: DutyLine,
    *,
    language: str,
    recipient: str,
    office: Office,
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
    speech = Speech(language, on)
    grade = grade or (line.light if line.light == "red" else "amber")
    mark = speech.say("notice.demo") if demo else ""
    values = _values(line, speech) | {"plan": one_line(plan), "recipient": one_line(recipient)}
    numbered = speech.say("slip.number", number=number) + "\n" if number else ""
    where = answer(speech, address(line, base_url), office)
    own = "-own" if recipient == line.performer else ""
    below = foot(speech, office, speech.say("slip.foot", plan=one_line(plan)), demo=demo)
    parts = [
        mark + speech.say(f"slip.head-{grade}", **values) + "\n" + where,
        numbered + speech.say("notice.to", **values),
        speech.say("slip.finding", **values) + "\n" + reported(line, speech),
        speech.say(f"slip.demand-{grade}{own}", **values),
        speech.say("slip.signed", office=one_line(office.name), on=speech.day(on)),
        "\n".join([*_copies(copies, speech), "-- ", *below]),
    ]
    return Text(mark + speech.say(f"slip.subject-{grade}", **values), "\n\n".join(parts) + "\n")


def _values(line: DutyLine, speech: Speech) -> dict[str, object]:
    return {
        "title": one_line(line.title),
        "measure": line.measure,
        "due": speech.day(line.due_on),
        "days": speech.count("day", abs((line.due_on - speech.on).days)),
        "lead": one_line(line.lead),
        "performer": one_line(line.performer),
        "on": speech.day(speech.on),
    }


def _copies(copies: Sequence[str], speech: Speech) -> list[str]:
    """Return the row of those a slip is copied to, if any."""
    names = speech.say("notice.comma").join(map(one_line, copies))
    return [speech.say("slip.copies", names=names)] if names else []
