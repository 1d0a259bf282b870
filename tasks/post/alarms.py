"""Alarms: short letters to those who run the installation, written without any ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from catalog.clean import one_line
from catalog.letters.layout import Text
from catalog.wording import say, say_count
from ledger.store.identity import identity
from tasks.letters.letter_format import Letter, message_id

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from ledger.settings import Settings
    from ledger.store.identity import Identity

Kind = Literal["behind", "dead", "escalated", "failed", "stopped", "tampered", "unswept"]
MOST_SUBJECTS = 10  # named in a letter
LONGEST_SUBJECT = 200  # characters


class Alarm(NamedTuple):
    """Something a person must know: how many subjects it has, and the first of them.

    `source` is the id of the office it comes from, "" for the main one, or the name of the flow.
    """

    kind: Kind
    source: str = ""
    number: int = 1
    about: tuple[str, ...] = ()


def letters(settings: Settings, alarm: Alarm, at: dt.datetime) -> list[tuple[str, Letter]]:
    """Return the channel and the letter for each address of DUBAN_ALARM_TO.

    A letter of the same kind, source and day has the same Message-ID at every try.
    """
    here = identity(settings.installation)
    alarm = alarm._replace(about=_first(alarm.about))
    subject, body = _text(settings.lang, alarm, at, here)
    name = f"alarm-{alarm.kind}-{alarm.source or 'main'}-{at.date()}-{here.id}"
    return [
        (
            channel,
            Letter(
                message_id=message_id(f"{name}-{place}", settings.mail_from),
                sender=settings.mail_from,
                to=address,
                subject=subject,
                body=body,
                date=at,
                headers=(("X-Duban-From", f"{here.id} {alarm.source or 'main'}"),),
                event={"id": f"{name}-{place}", "form": "alarm", **_data(alarm, at.date())},
            ),
        )
        for place, (channel, address) in enumerate(settings.alarm_to, 1)
    ]


def silence(settings: Settings, alarm: Alarm, on: dt.date) -> str:
    """Return why no letter leaves about `alarm` on the day `on`, "" where one does."""
    if not settings.alarm_to:
        return "nobody is told; DUBAN_ALARM_TO names the addresses"
    try:
        last = _file(settings, alarm).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        last = ""
    return "an alarm of this kind and source left today" if last == on.isoformat() else ""


def note_sent(settings: Settings, alarm: Alarm, on: dt.date) -> None:
    """Note in the home that the day's alarm of this kind and source was sent."""
    file = _file(settings, alarm)
    file.parent.mkdir(mode=0o700, exist_ok=True)
    file.write_text(on.isoformat(), encoding="ascii")


def _file(settings: Settings, alarm: Alarm) -> Path:
    return settings.installation / "alarms" / f"{alarm.kind}-{alarm.source or 'main'}"


def _first(about: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one_line(subject)[:LONGEST_SUBJECT] for subject in about[:MOST_SUBJECTS])


def _data(alarm: Alarm, on: dt.date) -> dict[str, object]:
    return {"on": on.isoformat(), **alarm._asdict()}


def _text(language: str, alarm: Alarm, at: dt.datetime, here: Identity) -> Text:
    fact = say_count(language, f"alarm.{alarm.kind}", alarm.number)
    rows = [
        fact + say(language, "alarm.stop"),
        say(language, f"alarm.{alarm.kind}-remedy"),
        *([say(language, "alarm.source", source=alarm.source)] if alarm.source else []),
        *([say(language, "alarm.about")] if alarm.about else []),
        *(f"- {subject}" for subject in alarm.about),
        "-- ",
        say(language, "alarm.foot", place=one_line(here.place), at=f"{at:%Y-%m-%d %H:%M}"),
    ]
    return Text(say(language, "alarm.subject", fact=fact), "\n".join(rows) + "\n")
