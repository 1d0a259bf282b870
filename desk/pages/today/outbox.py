"""`/outbox`: messages that have reached nobody yet, why, and another try."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import Response

from catalog.errors import ConflictError
from desk.web import rendering
from desk.web.addresses import Page, redirect
from desk.web.visit import Visit, entering
from ledger.duties import duties
from ledger.people import agencies
from ledger.post import channel_stops, letters, notices, outbox, tidings
from ledger.post.outbox import BOUNCED, DEAD, STATES, Selection
from tasks.post import requeue
from tasks.post.channels import stops

if TYPE_CHECKING:
    from ledger.duties.duties import Duty
    from ledger.post.messages import Message
    from ledger.post.outbox import LastTry
    from ledger.session import Connection

A_PAGE = 50  # messages
MOST = 500  # messages queued again at once
# The beginning of a recorded reason, and the words of the pages for it.
REASONS = {
    "no address": "nobody",
    "given up": "given-up",
    **dict.fromkeys(letters.READDRESSINGS, "readdressed"),
}

router = APIRouter()
Clerk = Annotated[Visit, Depends(entering("see-outbox"))]


def selection(
    state: Annotated[Literal["", "dead", "bounced", "queued"], Query()] = "",
    agency: Annotated[str, Query(max_length=100)] = "",
    channel: Annotated[str, Query(max_length=100)] = "",
) -> Selection:
    """Return the part of the outbox that the address asks for."""
    return Selection(state, agency, channel)


Chosen = Annotated[Selection, Depends(selection)]


class Row(NamedTuple):
    """One message of the page: its first notice or tiding, that one's duty, how many there are.

    `news` is the kind of the tiding, "" for a notice. `addresses` are those of its letters, empty
    while none is formed.
    """

    message: Message
    item: str
    duty: Duty | None
    news: str
    items: int
    last_try: LastTry | None
    addresses: tuple[str, ...]

    @property
    def why(self) -> str:
        """The key of the words that say why it has not left."""
        if self.message.state == BOUNCED:
            return "came-back"
        if self.message.state == DEAD:
            reason = self.message.reason or ""
            return next((k for start, k in REASONS.items() if reason.startswith(start)), "refused")
        return "failed" if self.last_try else "waits"

    @property
    def detail(self) -> str:
        """The provider's own words, or what was recorded in place of them."""
        return self.message.reason or (self.last_try.detail if self.last_try else "")


@router.get("/outbox")
def show(visit: Clerk, chosen: Chosen, page: Page = 1) -> Response:
    """Show a page of the messages that wait or are dead, the oldest first."""
    with visit.read() as conn:
        counts = outbox.counts(conn, chosen)
        total = counts[chosen.state] if chosen.state else sum(counts.values())
        pages = max(-(-total // A_PAGE), 1)
        page = min(page, pages)
        part = outbox.page(conn, chosen, limit=A_PAGE, offset=(page - 1) * A_PAGE)
        places = outbox.places(conn)
        return rendering.page(
            visit,
            "today/outbox",
            chosen=chosen,
            rows=_rows(conn, part),
            counts=counts,
            states=STATES,
            total=total,
            page=page,
            pages=pages,
            path=_path,
            offices=sorted({recipient.partition("/")[0] for recipient, _ in places}),
            channels=sorted({channel for _, channel in places}),
            agencies=agencies.agencies_on(conn, visit.on),
            most=MOST,
            stopped=sorted(channel_stops.current(conn)),
        )


@router.post("/outbox/retry")
def retry(
    visit: Clerk,
    *,
    message: Annotated[list[str], Form(max_length=A_PAGE)] = [],  # noqa: B006  FastAPI copies it
    every: Annotated[str, Form()] = "",
    state: Annotated[Literal["", "dead", "bounced"], Form()] = "",
    agency: Annotated[str, Form()] = "",
    channel: Annotated[str, Form()] = "",
) -> Response:
    """Queue the selected undelivered messages again, or with `every` all of the list."""
    chosen = Selection(state, agency, channel)
    with visit.read() as conn:
        if every:
            rows = _rows(conn, outbox.undelivered(conn, chosen, limit=MOST))
        else:
            rows = _rows(conn, outbox.undelivered_of(conn, message))
    answer = "outbox.said.queued" if rows else "outbox.said.none"
    try:
        items = [row.item for row in rows]
        requeue.retry(visit.ledger, items, at=visit.now.at, actor=visit.actor.user)
    except ConflictError:  # somebody else was faster
        answer = "outbox.said.none"
    return redirect("/outbox", answer, **{k: v for k, v in chosen._asdict().items() if v})


@router.post("/outbox/channel")
def try_channel(visit: Clerk, channel: Annotated[str, Form()] = "") -> Response:
    """Let the letters of a stopped channel be tried in the next delivery round."""
    answer = "outbox.said.resumed"
    try:
        stops.resume(visit.ledger, channel, at=visit.now.at, actor=visit.actor.user)
    except ConflictError:  # somebody else was faster, or it goes again by itself
        answer = "outbox.said.not-stopped"
    return redirect("/outbox", answer)


def _rows(conn: Connection, messages: list[Message]) -> list[Row]:
    ids = [message.id for message in messages]
    carried, tries = notices.of_messages(conn, ids), outbox.last_tries(conn, ids)
    carrying = letters.of_messages(conn, ids)
    by_key = duties.of(conn, [n.duty for each in carried.values() for n in each[:1]])
    rows = []
    for message in messages:
        own = carried[message.id]
        news = [] if own else tidings.of_message(conn, message.id)
        items = [each.id for each in own or news]
        duty = by_key[own[0].duty] if own else None
        addresses = dict.fromkeys(letter.address for letter in carrying[message.id])
        tried = tries.get(message.id)
        kind = news[0].kind if news else ""
        rows.append(Row(message, items[0], duty, kind, len(items), tried, tuple(addresses)))
    return rows


def _path(chosen: Selection, page: int = 1) -> str:
    fields = {name: value for name, value in chosen._asdict().items() if value}
    if page > 1:
        fields["page"] = str(page)
    return f"/outbox?{urlencode(fields)}" if fields else "/outbox"
