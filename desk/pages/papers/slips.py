"""`/slips`: drafts to release or withdraw, the register, and a slip on A4."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from catalog.errors import DubanError, NotFoundError
from catalog.wording import DEFAULT_LANGUAGE, say, spell
from desk.access import visibility
from desk.papers import slip as slip_paper
from desk.web import forms, rendering
from desk.web.addresses import Page, redirect
from desk.web.menu import Entry
from desk.web.visit import Visit, entering
from ledger.duties import conditions, duties
from ledger.people import agencies
from ledger.post import notices, slips
from ledger.post.slips import SlipNotice
from ledger.session import Connection
from tasks.deeds import slips as slip_deeds

DRAFT = "draft"
A_PAGE = 50  # slips


def drafts(conn: Connection, visit: Visit) -> list[SlipNotice]:
    """Return the drafts that wait for release, by day; one to several positions once."""
    every = _visible(conn, visit, slips.listed(conn, state=DRAFT))
    return list({e.shared: e for e in reversed(every)}.values())[::-1]


def register(conn: Connection, visit: Visit) -> list[SlipNotice]:
    """Return the released slips, the last first; one to several positions once."""
    own = [e for e in slips.listed(conn) if e.slip and e.slip.message == e.notice.message]
    return sorted(_visible(conn, visit, own), key=_number, reverse=True)


def _number(row: SlipNotice) -> tuple[int, int]:
    return (row.slip.year, row.slip.serial) if row.slip else (0, 0)


def _visible(conn: Connection, visit: Visit, rows: list[SlipNotice]) -> list[SlipNotice]:
    keys = sorted({e.notice.duty for e in rows})
    visible = {d.key for d in visibility.duties_of(conn, visit.actor, conditions.of_keys(keys))}
    return [e for e in rows if e.notice.duty in visible]


router = APIRouter()
MENU = Entry("/slips", "slips.menu", "see-slips", 26, lambda c, v: len(drafts(c, v)))
Office = Annotated[Visit, Depends(entering("see-slips"))]


@router.get("/slips")
def index(visit: Office, which: Literal["", "register"] = "", page: Page = 1) -> Response:
    """Show a page of the drafts, or of the register."""
    with visit.read() as conn:
        waiting, released = drafts(conn, visit), register(conn, visit)
        every = released if which else waiting
        pages = max(-(-len(every) // A_PAGE), 1)
        page = min(page, pages)
        rows = every[(page - 1) * A_PAGE : page * A_PAGE]
        by_key = duties.of(conn, [e.notice.duty for e in rows])
        return rendering.page(
            visit,
            "papers/slips",
            slips=rows,
            which=which,
            page=page,
            pages=pages,
            counts={"": len(waiting), "register": len(released)},
            duties=by_key,
            positions={e.notice.id: _positions(conn, e) for e in rows},
            agencies=agencies.agencies_on(conn, visit.on),
        )


@router.get("/slips/{notice}")
def show(visit: Office, notice: str) -> Response:
    """Show a slip with its text, and for a draft the forms to release or withdraw it."""
    return _page(visit, notice, forms.Form())


@router.get("/slips/{notice}/print")
def to_print(visit: Office, notice: str) -> Response:
    """Show a slip on A4, in the margins of GB/T 9704."""
    slip = _visible_slip(visit, notice)
    facts = slip_paper.facts(visit, slip)
    with visit.read() as conn:
        text = slip_deeds.text(conn, slip, visit.desk.settings, on=visit.on)
    return rendering.page(
        visit,
        "papers/slip-print",
        slip=slip,
        paper=slip_paper.words(text),
        facts=facts,
        zh=partial(say, DEFAULT_LANGUAGE),
        zh_day=partial(spell, DEFAULT_LANGUAGE),
    )


@router.post("/slips/{notice}/release")
def release(visit: Office, notice: str) -> Response:
    """Release the draft under the next number."""
    _visible_slip(visit, notice)
    try:
        slip_deeds.release(visit.ledger, notice, visit.act)
    except DubanError as error:
        return _page(visit, notice, forms.refusal(error, visit.lang), status=422)
    return redirect(f"/slips/{notice}", message="slips.said.released")


@router.post("/slips/{notice}/withdraw")
def withdraw(visit: Office, notice: str, reason: Annotated[str, Form()] = "") -> Response:
    """Withdraw the draft: it is not sent, and not drafted again."""
    _visible_slip(visit, notice)
    try:
        slip_deeds.withdraw(visit.ledger, notice, visit.act, reason=reason)
    except DubanError as error:
        form = forms.refusal(error, visit.lang, reason=reason)
        return _page(visit, notice, form, status=422)
    return redirect("/slips", message="slips.said.withdrawn")


def _positions(conn: Connection, row: SlipNotice) -> list[str]:
    """Return the positions that a slip is addressed to."""
    recipients = (notice.recipient for notice in notices.of_slip(conn, row.notice))
    return list(dict.fromkeys(recipient.partition("/")[2] for recipient in recipients))


def _visible_slip(visit: Visit, notice: str) -> SlipNotice:
    """Return the slip of that notice; NotFoundError unless the visitor sees its duty."""
    with visit.read() as conn:
        rows = [e for e in slips.matching(conn, notice) if e.notice.id == notice]
        if not rows:
            raise NotFoundError("slip-unknown", slip=notice)
        visibility.duty_of(conn, visit.actor, rows[0].notice.duty)
    return rows[0]


def _page(visit: Visit, notice: str, form: forms.Form, status: int = 200) -> Response:
    slip = _visible_slip(visit, notice)
    with visit.read() as conn:
        duty = duties.one(conn, slip.notice.duty)
        return rendering.page(
            visit,
            "papers/slip",
            status,
            form=form,
            slip=slip,
            duty=duty,
            words=slip_deeds.text(conn, slip, visit.desk.settings, on=visit.on),
            agencies=agencies.agencies_on(conn, visit.on),
        )
