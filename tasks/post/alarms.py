"""Alarms: short letters to those who run the installation, written without any ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from catalog.clean import one_line
from catalog.letters.line import Text
from catalog.wording import say, say_count
from ledger.store.identity import identity
from tasks.letters.letter_format import Letter, message_id, origin

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path

    from ledger.settings import Settings
    from ledger.store.identity import Identity

Kind = Literal["behind", "bounced", "dead", "escalated", "failed", "stopped", "tampered", "unswept"]


class _Help(NamedTuple):
    """The page of the desk about an alarm, the text with its name, and a heading of the manual.

    The manual is docs/operations.md. There is no page for what Prefect shows.
    """

    page: str = ""
    menu: str = ""
    heading: str = "Alarms"


_COCKPIT = _Help("/", "cockpit.menu")
_HELP: Mapping[Kind, _Help] = {
    "behind": _Help("/ledger?view=behind", "ledger.menu"),
    "bounced": _Help("/outbox?state=bounced", "outbox.title", "Bounces"),
    "dead": _Help("/outbox", "outbox.title"),
    "escalated": _Help("/slips", "slips.menu"),
    "failed": _Help(),
    "stopped": _COCKPIT,
    "tampered": _Help("/audit", "audit.menu"),
    "unswept": _COCKPIT,
}
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
    subject, body = _text(settings, alarm, at, here)
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
                headers=(origin(here.id, alarm.source),),
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


def _text(settings: Settings, alarm: Alarm, at: dt.datetime, here: Identity) -> Text:
    language = settings.lang
    fact = say_count(language, f"alarm.{alarm.kind}", alarm.number)
    rows = [
        fact + say(language, "alarm.stop"),
        _remedy(settings, alarm.kind),
        *([say(language, "alarm.source", source=alarm.source)] if alarm.source else []),
        *([say(language, "alarm.about")] if alarm.about else []),
        *(f"- {subject}" for subject in alarm.about),
        "-- ",
        say(language, "alarm.foot", place=one_line(here.place), at=f"{at:%Y-%m-%d %H:%M}"),
    ]
    return Text(say(language, "alarm.subject", fact=fact), "\n".join(rows) + "\n")


def _remedy(settings: Settings, kind: Kind) -> str:
    """Return what to do, and where: a page by its address or its name, a heading of the manual."""
    remedy = say(settings.lang, f"alarm.{kind}-remedy")
    page, menu, heading = _HELP.get(kind, _COCKPIT)
    if not page:
        return say(settings.lang, "alarm.manual", remedy=remedy, heading=heading)
    base = (settings.base_url or "").rstrip("/")
    where = f"{base}{page}" if base else say(settings.lang, menu)
    return say(settings.lang, "alarm.see", remedy=remedy, page=where, heading=heading)
