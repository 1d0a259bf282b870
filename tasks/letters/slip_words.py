"""Words of slips, from the ledger as it stands on their day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.ladder.rungs import rung_of
from catalog.letters.slip import slip_text
from ledger.people import agencies
from tasks.desk_address import with_desk
from tasks.letters.addressees import copied
from tasks.letters.content import content, office
from tasks.letters.duty_lines import slip_line

if TYPE_CHECKING:
    from catalog.letters.line import Text
    from ledger.post.messages import Message
    from ledger.session import Connection
    from ledger.settings import Settings


def words(conn: Connection, message: Message, settings: Settings, *, number: str = "") -> Text:
    """Return the text that the slip `message` would have on its day, under its `number`."""
    contents = content(conn, [message])
    (notice,) = contents.notices
    edition, lang = contents.edition, settings.lang
    settings = with_desk(settings, is_demo=edition.row.is_demo)
    names = agencies.agencies_on(conn, message.on).by_id
    duty = contents.duties[notice.duty]
    rung, own = rung_of(edition.ladders[duty.ladder], notice.rung), edition.plan.office
    return slip_text(
        slip_line(conn, contents, notice, names=names, on=message.on, lang=lang),
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
