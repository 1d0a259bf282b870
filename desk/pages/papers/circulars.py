"""`/circulars`: circulars (通報), from draft to release, also on A4 and as a Word file."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from catalog.dates.spans import span as read_span
from catalog.dates.spans import span_of
from catalog.errors import DubanError, NotFoundError
from catalog.reports import evaluation_words
from catalog.reports.circular_words import SECTIONS
from catalog.wording import say, spell
from desk.papers import circular, word_gbt9704
from desk.papers.blocks import anchor_line
from desk.papers.scorecard import open_objections
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.fields import WholeForm, refuse_unknown
from desk.web.menu import Entry
from desk.web.visit import Visit, entering
from ledger.reports import circulars
from ledger.reports.circulars import Circular
from ledger.session import Connection
from tasks.reports import circular as circular_deeds

# The field that each error speaks of.
FIELDS = dict.fromkeys(
    ("span-unreadable", "circular-before-plan", "circular-day", "circular-released"), "span"
)


def drafts(conn: Connection, visit: Visit) -> list[Circular]:
    """Return the drafts; an agency sees none."""
    if visit.actor.kind == "agency" or not visit.plans:
        return []
    return circulars.listed(conn, visit.plan, released=False)


def pending(conn: Connection, visit: Visit) -> int:
    """Return how many drafts and objections wait, of all plans in force."""
    if visit.actor.kind == "agency":
        return 0
    waiting = (circulars.listed(conn, edition.plan, released=False) for edition in visit.plans)
    return sum(map(len, waiting)) + open_objections(conn, visit)


router = APIRouter()
MENU = Entry("/circulars", "circulars.menu", "see-circulars", 27, pending)
Reader = Annotated[Visit, Depends(entering("see-circulars"))]
Office = Annotated[Visit, Depends(entering("make-circulars"))]


@router.get("/circulars")
def index(visit: Reader) -> Response:
    """List the drafts and the released circulars, and offer to draft another."""
    return _list(visit, forms.Form({"span": span_of(visit.on).label}))


@router.post("/circulars")
def draft(visit: Office, span: Annotated[str, Form()] = "") -> Response:
    """Draft the circular of a month or quarter, or recount its draft."""
    try:
        record = circular_deeds.draft(visit.ledger, visit.plan, read_span(span.strip()), visit.act)
    except DubanError as error:
        return _list(visit, forms.refusal(error, visit.lang, FIELDS, span=span), status=422)
    return redirect(f"/circulars/{record.span}", message="circulars.said.drafted", plan=visit.plan)


@router.get("/circulars/{span}")
def show(visit: Reader, span: str) -> Response:
    """Show a circular, and to the office the forms to edit and release a draft."""
    record = _visible_circular(visit, span)
    return _page(visit, record, forms.Form(words_of(record)))


@router.get("/circulars/{span}/print")
def to_print(visit: Reader, span: str) -> Response:
    """Show a circular on A4, in the margins of GB/T 9704."""
    record = _visible_circular(visit, span)
    paper = circular.circular_paper(record)
    return rendering.page(
        visit, "papers/circular-print", record=record, **_parts(paper, record.language)
    )


@router.get("/circulars/{span}/word")
def as_word(visit: Reader, span: str) -> Response:
    """Give a circular as a Word file."""
    record = _visible_circular(visit, span)
    content = circular.word(circular.circular_paper(record), demo=visit.is_demo)
    name = f'attachment; filename="{record.plan}-{record.span}.docx"'
    return Response(
        content, media_type=word_gbt9704.MEDIA_TYPE, headers={"content-disposition": name}
    )


def section_texts(form: WholeForm) -> dict[str, str]:
    """Return the texts in the form of this request, by section."""
    known = dict.fromkeys((*SECTIONS, *evaluation_words.SECTIONS))
    refuse_unknown(form, known)
    texts = {section: form.get(section) for section in known}
    return {section: text for section, text in texts.items() if isinstance(text, str)}


@router.post("/circulars/{span}/words")
def edit(
    visit: Office, span: str, words: Annotated[dict[str, str], Depends(section_texts)]
) -> Response:
    """Change the words of a draft."""
    record = _visible_circular(visit, span)
    try:
        circular_deeds.edit(visit.ledger, visit.plan, span, visit.act, words=words)
    except DubanError as error:
        form = forms.refusal(error, visit.lang, {}, **words_of(record) | words)
        return _page(visit, record, form, status=422)
    return redirect(f"/circulars/{span}", message="circulars.said.edited", plan=visit.plan)


@router.post("/circulars/{span}/release")
def release(visit: Office, span: str) -> Response:
    """Release the draft under the next number; the agencies get a notice."""
    record = _visible_circular(visit, span)
    try:
        circular_deeds.release(visit.ledger, visit.plan, span, visit.act)
    except DubanError as error:
        form = forms.refusal(error, visit.lang, {}, **words_of(record))
        return _page(visit, record, form, status=422)
    return redirect(f"/circulars/{span}", message="circulars.said.released", plan=visit.plan)


def _visible_circular(visit: Visit, span: str) -> Circular:
    """Return the circular of that span; NotFoundError for an agency while it is a draft."""
    with visit.read() as conn:
        record = circulars.one(conn, visit.plan, span)
    if visit.actor.kind == "agency" and record.number is None:
        raise NotFoundError("circular-unknown", plan=visit.plan, span=span)
    return record


def words_of(record: Circular) -> dict[str, str]:
    """Return the words of a circular as the fields of its form."""
    return {str(section): text for section, text in record.paragraphs.items()}


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
            undecided=open_objections(conn, visit),
            title=lambda record: circular.circular_paper(record).title,
        )


def _page(visit: Visit, record: Circular, form: forms.Form, status: int = 200) -> Response:
    paper = circular.circular_paper(record)
    return rendering.page(
        visit, "papers/circular", status, record=record, form=form, **_parts(paper, visit.lang)
    )


def _parts(paper: circular.CircularPaper, lang: str) -> dict[str, Any]:
    """Return the values of both templates; the tables and their captions in `lang`."""
    return {
        "document": paper,
        "tables": circular.tables(paper.figures, lang),
        "bars_": circular.bars(paper.figures),
        "anchor": anchor_line(paper.figures.on, paper.figures.entries, paper.figures.head, lang),
        "paper": partial(say, paper.language),
        "paper_day": partial(spell, paper.language),
    }
