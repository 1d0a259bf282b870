"""Letters written from messages of the outbox and the ledger's present state."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.letters.layout import digest
from catalog.letters.line import Text
from catalog.letters.sheet import plain
from catalog.letters.short import short, short_slip
from catalog.wording import say
from ledger.people import agencies
from ledger.post import contacts, slips
from ledger.post.contacts import MAIL
from ledger.post.threads import thread
from ledger.store.identity import identity
from tasks.clock import time_zone
from tasks.desk_address import with_desk
from tasks.letters.content import content, office
from tasks.letters.duty_calendar import Look
from tasks.letters.duty_lines import duty_lines
from tasks.letters.event import event
from tasks.letters.invitations import invitations
from tasks.letters.letter_format import Letter, origin
from tasks.letters.lists import NAME, lists
from tasks.letters.page import page, slip_page
from tasks.letters.slip_words import words
from tasks.letters.tiding_lines import tiding_lines
from tasks.sweep_time import SWEEP_AT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.letters.line import DutyLine
    from catalog.letters.matters import Ask
    from ledger.post.messages import Message
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
    def agencies(self) -> frozenset[str]:
        return frozenset(m.recipient.partition("/")[0] for m in self.messages)

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
    settings = with_desk(settings, is_demo=contents.edition.row.is_demo)
    draft = _Draft(messages, contents, settings, on, address, message_id)
    return _slip(conn, draft) if messages[0].form == "slip" else _digest(conn, draft)


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
    names = agencies.agencies_on(conn, on).by_id
    lines, asks, settled = duty_lines(conn, contents, names=names, on=on, lang=settings.lang)
    news = tiding_lines(conn, contents.tidings, settings, on=on)
    superseded = (*settled, *news.superseded)
    if not lines and not news.lines:
        return Composed(None, superseded)
    sheet = digest(
        lines,
        language=settings.lang,
        recipients=_recipients(conn, draft, names),
        office=office(conn, draft.edition, names),
        on=on,
        plan=say(settings.lang, "notice.comma").join(_plans(draft, lines)),
        base_url=draft.base_url,
        attached=NAME if draft.messages[0].channel == MAIL else "",
        demo=draft.edition.row.is_demo,
        tidings=news.lines,
    )
    data = event(
        contents, draft.messages[0], asks, news.tidings, message_id=draft.message_id, on=on
    )
    present = [notice for notice in contents.notices if notice.id in asks]
    attachments = (
        *lists(
            conn,
            contents,
            lines,
            Look(settings.lang, base_url=draft.base_url, alarms_of=draft.agencies),
            issued={notice.duty for notice in present if notice.rung == "issue"},
            on=on,
        ),
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


def _plans(draft: _Draft, lines: Sequence[DutyLine]) -> list[str]:
    """Return the titles of the plans that the lines are of, else that of the first message."""
    codes = dict.fromkeys(line.of.partition("/")[0] for line in lines)
    plans = [draft.content.plans[code] for code in codes] or [draft.edition]
    return [each.plan.title for each in plans]


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
    own = origin(identity(settings.installation).id, settings.jurisdiction)
    demo = (("X-Duban-Demo", "yes"),) if draft.edition.row.is_demo else ()
    return (own, *demo)
