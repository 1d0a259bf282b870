"""Details of a duty, for letters with few lines and for slips: its words, parties and reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.clean import one_line

if TYPE_CHECKING:
    from datetime import date

    from catalog.letters.line import DutyLine
    from catalog.letters.speech import Speech


def details(line: DutyLine, speech: Speech) -> list[str]:
    """Return the rows about the plan's words, the parties and the reports so far."""
    rows = [source(line, speech), parties(line, speech)]
    if line.ask != "attend" and (line.number == 1 or line.parties):
        rows.append(reported(line, speech))
    return [*rows, speech.say("notice.provisional")] if line.provisional else rows


def source(line: DutyLine, speech: Speech) -> str:
    """Return the plan's words, all of its places, or the measure where it has none."""
    kind = "source" if line.says else "source-office"
    says = "…".join(map(one_line, line.says))
    return speech.say(f"notice.{kind}", says=says, measure=line.measure)


def parties(line: DutyLine, speech: Speech) -> str:
    """Return the lead, who performs, and who takes part."""
    performers = speech.performers(line)
    text = speech.say("notice.parties", lead=one_line(line.lead), performer=performers)
    if not line.participants:
        return text
    return text + speech.say("notice.participants", names=speech.names(line.participants))


def reported(line: DutyLine, speech: Speech) -> str:
    """Return what has been reported so far."""
    facts = speech.say("notice.semicolon").join(_facts(line, speech))
    return speech.say("notice.reported", facts=facts)


def _facts(line: DutyLine, speech: Speech) -> list[str]:
    roll_up = line.parties and speech.say("notice.parties-done", **line.parties._asdict())
    if line.performers[1:]:
        return [roll_up or ""]
    facts = [roll_up] if roll_up else []
    facts += [_quota(line, speech)] if line.quota_min is not None else []
    facts.append(_fact("acknowledged", line.acknowledged_on, speech))
    facts.append(_filed(line, speech))
    return facts + ([_fact("returned", line.returned_on, speech)] if line.returned_on else [])


def _fact(name: str, day: date | None, speech: Speech) -> str:
    if day is None:
        return speech.say(f"notice.not-{name}")
    return speech.say(f"notice.{name}", on=speech.day(day))


def _filed(line: DutyLine, speech: Speech) -> str:
    """Return the day of filing, and that of doing where the filing states another one."""
    if line.filed_on and line.done_on and line.done_on != line.filed_on:
        days = {"on": speech.day(line.filed_on), "done": speech.day(line.done_on)}
        return speech.say("notice.filed-done", **days)
    return _fact("filed", line.filed_on, speech)


def _quota(line: DutyLine, speech: Speech) -> str:
    quota = f"{line.quota_min}-{line.quota_max}"
    if line.quota_max is None:
        quota = speech.say("notice.at-least", min=line.quota_min)
    elif line.quota_max == line.quota_min:
        quota = str(line.quota_min)
    return speech.say("notice.quota", delivered=line.delivered, wanted=quota)
