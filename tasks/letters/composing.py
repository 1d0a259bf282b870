"""Letters written from messages of the outbox and the ledger's present state."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.ladder.rungs import rung_of
from catalog.letters.layout import digest, is_cut
from catalog.letters.line import Text
from catalog.letters.sheet import plain
from catalog.letters.short import short, short_slip
from catalog.letters.slip import slip_text
from catalog.letters.speech import Speech
from catalog.wording import say
from ledger.people import agencies
from ledger.post import contacts, slips
from ledger.post.threads import thread
from ledger.store.identity import identity
from tasks.clock import time_zone
from tasks.desk_address import desk_address
from tasks.letters.addressees import copied
from tasks.letters.content import content
from tasks.letters.duty_calendar import Look, duty_calendar
from tasks.letters.duty_lines import duty_lines, slip_line
from tasks.letters.event import event
from tasks.letters.invitations import invitations
from tasks.letters.letter_format import Letter
from tasks.letters.list_file import NAME, list_file
from tasks.letters.office import office
from tasks.letters.page import page, slip_page
from tasks.letters.tiding_lines import tiding_lines
from tasks.sweep_time import SWEEP_AT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.letters.asks import Ask
    from catalog.letters.line import DutyLine
    from ledger.post.messages import Message
    from ledger.post.notices import Notice
    from ledger.session import Connection
    from ledger.settings import Settings
    from tasks.in_force import InForce
    from tasks.letters.content import Content
    from tasks.letters.letter_format import Attachment


class Composed(NamedTuple):
    """A letter, None if nothing is left to say, and what was left out of it.

    `superseded` are the ids of notices and tidings whose matter is settled.
    """

    letter: Letter | None
    superseded: tuple[str, ...] = ()


class _Forms(NamedTuple):
    """The words of a letter in its three forms."""

    text: Text
    html: str
    short: str


class _Draft(NamedTuple):
    """A letter to be written: its messages, their contents, the day, and the address."""

    messages: Sequence[Message]
    content: Content
    settings: Settings
    on: dt.date
    address: str
    message_id: str

    @property
    def edition(self) -> InForce:
        return self.content.edition

    @property
    def stamp(self) -> dt.datetime:
        return dt.datetime.combine(self.on, SWEEP_AT, time_zone(self.edition.plan.zone))

    @property
    def base_url(self) -> str:
        return self.settings.base_url or ""


def compose(
    conn: Connection,
    messages: Sequence[Message],
    settings: Settings,
    *,
    address: str,
    on: dt.date,
    message_id: str,
) -> Composed:
    """Return the letter with all of `messages` to `address`, as it is true on the day `on`.

    A second try of the same day carries the same date, the same Message-ID and, unless the facts
    have changed, the same words (docs/rules.md, Letters). A released slip keeps the words with
    which a person released it.
    """
    contents = content(conn, messages)
    settings = _with_desk(settings, contents.edition)
    draft = _Draft(messages, contents, settings, on, address, message_id)
    return _slip(conn, draft) if messages[0].form == "slip" else _digest(conn, draft)


def words(conn: Connection, message: Message, settings: Settings, *, number: str = "") -> Text:
    """Return the text that the slip `message` would have on its day, under its `number`."""
    contents = content(conn, [message])
    (notice,) = contents.notices
    edition, lang = contents.edition, settings.lang
    settings = _with_desk(settings, edition)
    names = agencies.agencies_on(conn, message.on).by_id
    duty = contents.duties[notice.duty]
    rung, own = rung_of(edition.ladders[duty.ladder], notice.rung), edition.plan.office
    return slip_text(
        slip_line(conn, contents, notice, on=message.on, lang=lang),
        language=lang,
        recipient=names[message.recipient.partition("/")[0]],
        office=office(conn, edition, names),
        on=message.on,
        plan=edition.plan.title,
        base_url=settings.base_url or "",
        demo=edition.row.is_demo,
        grade=rung.light or "amber",
        number=number,
        copies=[names[agency] for agency in copied(duty, rung, own).values()],
    )


def _with_desk(settings: Settings, edition: InForce) -> Settings:
    """Return the settings with the address of the desk, also of a demonstration."""
    return replace(settings, base_url=desk_address(settings, is_demo=edition.row.is_demo))


def _slip(conn: Connection, draft: _Draft) -> Composed:
    (message,) = draft.messages
    slip = slips.of_message(conn, message.id)
    text = Text(slip.subject, slip.body) if slip else words(conn, message, draft.settings)
    html = slip_page(text, language=draft.settings.lang)
    asks: dict[str, Ask] = {notice.id: "file" for notice in draft.content.notices}
    data = event(draft.content, message, asks, (), message_id=draft.message_id, on=draft.on)
    return Composed(_letter(conn, draft, _Forms(text, html, short_slip(text)), data))


def _digest(conn: Connection, draft: _Draft) -> Composed:
    contents, settings, on = draft.content, draft.settings, draft.on
    lines, asks, settled = duty_lines(conn, contents, on=on, lang=settings.lang)
    news = tiding_lines(conn, contents.tidings, settings, on=on)
    superseded = (*settled, *news.superseded)
    if not lines and not news.lines:
        return Composed(None, superseded)
    names = agencies.agencies_on(conn, on).by_id
    sheet = digest(
        lines,
        language=settings.lang,
        recipients=_recipients(conn, draft, names),
        office=office(conn, draft.edition, names),
        on=on,
        plan=draft.edition.plan.title,
        base_url=draft.base_url,
        attached=NAME,
        demo=draft.edition.row.is_demo,
        tidings=news.lines,
    )
    data = event(
        contents, draft.messages[0], asks, news.tidings, message_id=draft.message_id, on=on
    )
    present = [notice for notice in contents.notices if notice.id in asks]
    attachments = (
        *_lists(conn, draft, lines, present),
        *invitations(
            conn,
            present,
            contents.duties,
            settings,
            address=draft.address,
            on=on,
            tidings=news.tidings,
        ),
    )
    forms = _Forms(plain(sheet), page(sheet), short(sheet))
    return Composed(_letter(conn, draft, forms, data, attachments), superseded)


def _recipients(conn: Connection, draft: _Draft, names: Mapping[str, str]) -> list[str]:
    """Return the agencies that the letter is to, to a substitute with whom they stand in for."""
    lang, recipients = draft.settings.lang, dict[str, str]()
    for_whom = contacts.substituted(conn, draft.address, draft.on)
    for message in draft.messages:
        agency, _, position = message.recipient.partition("/")
        recipients.setdefault(agency, names[agency])
        if people := for_whom.get((agency, position)):
            values = {"agency": names[agency], "people": say(lang, "notice.comma").join(people)}
            recipients[agency] = say(lang, "notice.substitute", **values)
    return list(recipients.values())


def _lists(
    conn: Connection, draft: _Draft, lines: Sequence[DutyLine], present: Sequence[Notice]
) -> tuple[Attachment, ...]:
    """Return the lists of a letter: the dates of new duties, or all duties where many are cut."""
    is_full = is_cut(lines, draft.on)
    issued = {notice.duty for notice in present if notice.rung == "issue"}
    keys = [line.key for line in lines if is_full or line.key in issued]
    duties = [draft.content.duties[key] for key in keys]
    recipients = frozenset(m.recipient.partition("/")[0] for m in draft.messages)
    look = Look(draft.settings.lang, base_url=draft.base_url, alarms_of=recipients)
    calendar = (duty_calendar(conn, duties, look, on=draft.on),) if duties else ()
    if not is_full:
        return calendar
    speech = Speech(draft.settings.lang, draft.on)
    return (list_file(lines, speech, base_url=draft.base_url), *calendar)


def _letter(
    conn: Connection,
    draft: _Draft,
    forms: _Forms,
    data: dict[str, Any],
    attachments: tuple[Attachment, ...] = (),
) -> Letter:
    settings, first = draft.settings, draft.messages[0]
    earlier = thread(conn, draft.messages, address=draft.address)
    return Letter(
        message_id=draft.message_id,
        sender=settings.mail_from,
        to=draft.address,
        subject=forms.text.subject,
        body=forms.text.body,
        date=draft.stamp,
        html=forms.html,
        short=forms.short,
        reply_to=contacts.reply_to(conn, settings, draft.edition.plan.office),
        references=earlier[:1],
        in_reply_to=earlier,
        attachments=attachments,
        headers=_headers(draft),
        event=data if first.channel != "mail" else None,
    )


def _headers(draft: _Draft) -> tuple[tuple[str, str], ...]:
    """Return the headers that tell where a letter comes from: installation and office."""
    settings = draft.settings
    place = f"{identity(settings.installation).id} {settings.jurisdiction or 'main'}"
    demo = (("X-Duban-Demo", "yes"),) if draft.edition.row.is_demo else ()
    return (("X-Duban-From", place), *demo)
