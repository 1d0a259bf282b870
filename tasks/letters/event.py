"""Letters as data, for channels that reach a system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog.duties.standing import standing
from ledger.duties import duties

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from catalog.letters.matters import Ask
    from ledger.duties.duties import Duty
    from ledger.post.messages import Message
    from ledger.post.tidings import Tiding
    from tasks.letters.content import Content


def event(
    content: Content,
    message: Message,
    asks: Mapping[str, Ask],
    tidings: Sequence[Tiding],
    *,
    message_id: str,
    on: dt.date,
) -> dict[str, Any]:
    """Return a letter as data: each notice that is left, with its ask and its duty's light."""
    news = [{"kind": tiding.kind, "subject": tiding.subject} for tiding in tidings]
    return {
        "id": message_id.strip("<>"),
        "recipient": message.recipient,
        "on": on.isoformat(),
        "form": message.form,
        "demo": content.edition.row.is_demo,
        "notices": [
            _notice(content.duties[notice.duty], notice.rung, asks[notice.id], on)
            for notice in content.notices
            if notice.id in asks
        ],
        **({"tidings": news} if news else {}),
    }


def _notice(duty: Duty, rung: str, asks: Ask, on: dt.date) -> dict[str, str]:
    return {
        "key": duty.key,
        "rung": rung,
        "due_on": duty.due_on.isoformat(),
        "title": duty.title,
        "light": standing(duties.facts(duty), on).light,
        "asks": asks,
    }
