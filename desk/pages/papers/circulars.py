"""`/circulars`: circulars (通報) to draft, word and release, and those released, also on A4."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import Response

from catalog.dates.spans import span as read_span
from catalog.dates.spans import span_of
from catalog.errors import DubanError, NotFoundError
from catalog.reports.circular_words import SECTIONS
from catalog.wording import say, spell
from desk.papers import circular, word_gbt9704
from desk.papers.blocks import anchor_line
from desk.papers.scorecard import undecided
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.menu import Entry
from desk.web.visit import Visit, entering
from ledger.reports import circulars
from ledger.reports.circulars import Circular
from ledger.session import Connection
from tasks.reports import circular as deeds

# The field at which a refusal is shown.
FIELDS = {"span-unreadable": "span", "circular-day": "span", "circular-released": "span"}


def drafts(conn: Connection, visit: Visit) -> list[Circular]:
    """Return the drafts; an agency sees none."""
    if visit.actor.kind == "agency" or not visit.plans:
        return []
    return circulars.listed(conn, visit.plan, released=False)


def undone(conn: Connection, visit: Visit) -> int:
    """Return how many drafts and objections of any plan in force wait, on pages of every plan."""
    if visit.actor.kind == "agency":
        return 0
    waiting = (circulars.listed(conn, held.plan, released=False) for held in visit.plans)
    return sum(map(len, waiting)) + undecided(conn, visit)


router = APIRouter()
MENU = Entry("/circulars", "circulars.menu", "see-circulars", 27, undone)
Reader = Annotated[Visit, Depends(entering("see-circulars"))]
Office = Annotated[Visit, Depends(entering("make-circulars"))]


@router.get("/circulars")
def listed(visit: Reader) -> Response:
    """List the drafts and what was released, and offer to draft another."""
    return _list(visit, forms.Form({"span": span_of(visit.on).label}))


@router.post("/circulars")
def draft(visit: Office, span: Annotated[str, Form()] = "") -> Response:
    """Draft the circular of a month or quarter, or count its draft anew."""
    try:
        kept = deeds.draft(visit.ledger, visit.plan, read_span(span.strip()), visit.act)
    except DubanError as error:
        return _list(visit, forms.refusal(error, visit.lang, FIELDS, span=span), status=422)
    return redirect(f"/circulars/{kept.span}", message="circulars.said.drafted", plan=visit.plan)


@router.get("/circulars/{span}")
def show(visit: Reader, span: str) -> Response:
    """Show a circular, and to the office the forms to word and release a draft."""
    kept = _own(visit, span)
    return _page(visit, kept, forms.Form(words_of(kept)))


@router.get("/circulars/{span}/print")
def to_print(visit: Reader, span: str) -> Response:
    """Show a circular on A4, in the margins of GB/T 9704."""
    kept = _own(visit, span)
    shown = circular.circular_paper(kept)
    return rendering.page(visit, "papers/circular-print", kept=kept, **_shown(shown, kept.language))


@router.get("/circulars/{span}/word")
def as_word(visit: Reader, span: str) -> Response:
    """Give a circular as a Word file."""
    kept = _own(visit, span)
    content = circular.word(circular.circular_paper(kept), demo=visit.is_demo)
    name = f'attachment; filename="{kept.plan}-{kept.span}.docx"'
    return Response(
        content, media_type=word_gbt9704.MEDIA_TYPE, headers={"content-disposition": name}
    )


async def worded(request: Request) -> dict[str, str]:
    """Return the words that the form of this request brought, by section."""
    brought = await request.form()
    found = {section: brought.get(section) for section in SECTIONS}
    return {section: text for section, text in found.items() if isinstance(text, str)}


@router.post("/circulars/{span}/words")
def edit(visit: Office, span: str, words: Annotated[dict[str, str], Depends(worded)]) -> Response:
    """Keep other words in a draft."""
    kept = _own(visit, span)
    try:
        deeds.edit(visit.ledger, visit.plan, span, visit.act, words=words)
    except DubanError as error:
        form = forms.refusal(error, visit.lang, {}, **words_of(kept) | words)
        return _page(visit, kept, form, status=422)
    return redirect(f"/circulars/{span}", message="circulars.said.edited", plan=visit.plan)


@router.post("/circulars/{span}/release")
def release(visit: Office, span: str) -> Response:
    """Release the draft under the next number; the agencies are told."""
    kept = _own(visit, span)
    try:
        deeds.release(visit.ledger, visit.plan, span, visit.act)
    except DubanError as error:
        form = forms.refusal(error, visit.lang, {}, **words_of(kept))
        return _page(visit, kept, form, status=422)
    return redirect(f"/circulars/{span}", message="circulars.said.released", plan=visit.plan)


def _own(visit: Visit, span: str) -> Circular:
    """Return the circular of that span; an agency is told of no draft."""
    with visit.read() as conn:
        kept = circulars.one(conn, visit.plan, span)
    if visit.actor.kind == "agency" and kept.number is None:
        raise NotFoundError("circular-unknown", plan=visit.plan, span=span)
    return kept


def words_of(kept: Circular) -> dict[str, str]:
    """Return the words of a circular as the fields of its form."""
    return {str(section): text for section, text in kept.paragraphs.items()}


def _list(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    with visit.read() as conn:
        released = circulars.listed(conn, visit.plan, released=True)
        return rendering.page(
            visit,
            "papers/circulars",
            status,
            form=form,
            drafts=drafts(conn, visit),
            released=released,
            undecided=undecided(conn, visit),
            title=lambda kept: circular.circular_paper(kept).title,
        )


def _page(visit: Visit, kept: Circular, form: forms.Form, status: int = 200) -> Response:
    shown = circular.circular_paper(kept)
    return rendering.page(
        visit, "papers/circular", status, kept=kept, form=form, **_shown(shown, visit.lang)
    )


def _shown(shown: circular.CircularPaper, lang: str) -> dict[str, Any]:
    """Return what both templates show; the tables and their captions in `lang`."""
    return {
        "shown": shown,
        "tables": circular.tables(shown.figures, lang),
        "bars_": circular.bars(shown.figures),
        "anchor": anchor_line(shown.figures.on, shown.figures.entries, shown.figures.head, lang),
        "paper": partial(say, shown.language),
        "paper_day": partial(spell, shown.language),
    }
