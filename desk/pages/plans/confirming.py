"""`/plans/drafts`: a document becomes a plan that people settle phrase by phrase and publish."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple

from fastapi import APIRouter, Depends, File, Form, Query, UploadFile
from fastapi.responses import Response

from catalog.duties.evidence_rules import safe_name
from catalog.errors import DubanError, InvalidError
from catalog.plans import file
from catalog.plans.load import load_plan, plan_names
from catalog.reading.settling.plan_toml import draft_toml
from catalog.reading.settling.settlement import DAYS, Action, Step
from catalog.reading.who.register import Register, register_of
from catalog.trackers.drafts.coverage import check
from desk.plans import correction_form, strips
from desk.plans.uploads import document_upload
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.fields import WholeForm, refuse_unknown
from desk.web.visit import Visit, entering
from ledger.plans import plan_drafts
from ledger.post import contacts
from tasks.agencies.names import registered
from tasks.in_force import in_force
from tasks.plans import settling

router = APIRouter()
Publisher = Annotated[Visit, Depends(entering("publish-plan"))]
HOME = "/plans/drafts"
REGISTERED = "-"  # in place of a plan: the agencies registered here; no code of a plan


class Progress(NamedTuple):
    """An open draft: `settled` of its `total` items are settled."""

    document: plan_drafts.PlanDraft
    title: str
    settled: int
    total: int


@router.get(HOME)
def home(visit: Publisher) -> Response:
    """Show the drafts under way and the form that begins another."""
    return _home(visit, forms.Form())


@router.post(HOME)
def begin(
    visit: Publisher,
    *,
    upload: Annotated[UploadFile | None, File()] = None,
    agencies: Annotated[str, Form()] = "",
    bodies: Annotated[UploadFile | None, File()] = None,
    code: Annotated[str, Form()] = "",
) -> Response:
    """Read an uploaded document into a draft."""
    try:
        document = document_upload(upload, code)
        register, name = _register(visit, agencies, bodies), document.name
        draft = settling.begin(
            visit.ledger, document.content, visit.act, name=name, code=code, register=register
        )
    except DubanError as error:
        field = {error.key: "code" if error.key == "draft-code" else "upload"}
        form = forms.refusal(error, visit.lang, field, code=code, agencies=agencies)
        return _home(visit, form, status=422)
    return redirect(f"{HOME}/{draft}")


@router.get(HOME + "/{draft}")
def look(
    visit: Publisher, draft: str, first: Annotated[int, Query(alias="from", ge=0)] = 0
) -> Response:
    """Show the document with its phrases marked, beside its proposals and questions."""
    return _look(visit, draft, first - first % strips.MOST)


@router.post(HOME + "/{draft}/say")
def say(
    visit: Publisher,
    draft: str,
    *,
    about: Annotated[str, Form()] = "",
    deed: Annotated[str, Form()] = "",
    reading: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Accept or drop a proposal, answer a question by a reading, or add the agency it is about."""
    with visit.read() as conn:
        stands = settling.settling(conn, draft).stands
    subject = next((ask.about for ask in stands.draft.questions if ask.id == about), about)
    first = strips.strip_of(stands, subject)
    try:
        if deed == "name":
            return _name_agency(visit, draft, about, first)
        step = _step(deed, about, reading, reason)
        settling.say(visit.ledger, draft, visit.act, step=step)
    except DubanError as error:
        return _look(visit, draft, first, forms.refusal(error, visit.lang), status=422)
    return redirect(f"{HOME}/{draft}?from={first}#{_anchor(subject)}")


@router.get(HOME + "/{draft}/correct/{about}")
def correction(visit: Publisher, draft: str, about: str) -> Response:
    """Show the form that corrects a proposal, a measure or the head."""
    with visit.read() as conn:
        what = correction_form.subject(settling.settling(conn, draft).stands.draft, about)
    return _correct(visit, draft, what, forms.Form(what.values))


@router.post(HOME + "/{draft}/correct/{about}")
def correct(visit: Publisher, draft: str, about: str, form: WholeForm) -> Response:
    """Set the values of the form; show each error at its field."""
    with visit.read() as conn:
        stands = settling.settling(conn, draft).stands
    return _fill_in(visit, draft, "correct", correction_form.subject(stands.draft, about), form)


@router.get(HOME + "/{draft}/add/{shape}/{about}")
def addition(visit: Publisher, draft: str, shape: str, about: str) -> Response:
    """Show the form that adds an obligation or target to a measure."""
    with visit.read() as conn:
        what = correction_form.addition(settling.settling(conn, draft).stands.draft, about, shape)
    return _correct(visit, draft, what, forms.Form(what.values))


@router.post(HOME + "/{draft}/add/{shape}/{about}")
def add(visit: Publisher, draft: str, shape: str, about: str, form: WholeForm) -> Response:
    """Add an obligation or target to the measure, with the words of the document it rests on."""
    with visit.read() as conn:
        what = correction_form.addition(settling.settling(conn, draft).stands.draft, about, shape)
    return _fill_in(visit, draft, "add", what, form)


@router.post(HOME + "/{draft}/back")
def back(visit: Publisher, draft: str) -> Response:
    """Undo the last step."""
    try:
        settling.take_back(visit.ledger, draft)
    except DubanError as error:
        return _look(visit, draft, 0, forms.refusal(error, visit.lang), status=409)
    return redirect(f"{HOME}/{draft}", message="confirming.said.back")


@router.post(HOME + "/{draft}/end")
def end(visit: Publisher, draft: str) -> Response:
    """Delete a draft."""
    settling.throw_away(visit.ledger, draft, visit.act)
    return redirect(HOME, message="confirming.said.ended")


@router.get(HOME + "/{draft}/plan.toml")
def download(visit: Publisher, draft: str) -> Response:
    """Return the draft as a plan file, with the open questions at its end."""
    with visit.read() as conn:
        now = settling.settling(conn, draft)
    headers = {"Content-Disposition": f'attachment; filename="{now.document.code}.toml"'}
    return Response(
        draft_toml(now.stands.draft), media_type="application/toml; charset=utf-8", headers=headers
    )


def _register(visit: Visit, agencies: str, upload: UploadFile | None) -> Register:
    """Return the agencies to read with: of an uploaded file, of the register, else of a plan."""
    content = upload.file.read(file.LARGEST + 1) if upload else b""
    if upload and content:
        return register_of(file.parse(content, safe_name(upload.filename or "")))
    if agencies == REGISTERED:
        with visit.read() as conn:
            return registered(conn)
    if agencies in {edition.plan for edition in visit.plans}:
        with visit.read() as conn:
            return Register.of(in_force(conn, agencies).plan)
    if agencies in plan_names():
        return Register.of(load_plan(agencies))
    raise InvalidError("draft-agencies", place=agencies)


def _step(deed: str, about: str, reading: str, reason: str) -> Step:
    actions: dict[str, Action] = {"take": "take", "drop": "drop", "answer": "answer"}
    if deed not in actions:
        raise InvalidError("draft-field", place="deed", text=deed)
    if deed == "answer":
        if not reading.isdecimal() or len(reading) > 4:  # noqa: PLR2004  no question has so many
            raise InvalidError("draft-unanswered")
        return Step("answer", about, {"reading": int(reading)})
    return Step(actions[deed], about, {"reason": reason.strip()} if deed == "drop" else {})


def _name_agency(visit: Visit, draft: str, about: str, first: int) -> Response:
    """Add the agency whose name a question is about; it answers by itself."""
    with visit.read() as conn:
        open_draft = settling.settling(conn, draft).stands.draft
    asks = [strips.question(open_draft, ask) for ask in open_draft.questions if ask.id == about]
    name = next((q.phrase for q in asks if q.is_about_a_body), "")
    settling.name_agency(visit.ledger, draft, name=name)
    return redirect(f"{HOME}/{draft}", message="confirming.said.named", **{"from": str(first)})


def _anchor(about: str) -> str:
    return f"on-{about.replace('.', '-')}"


def _home(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    with visit.read() as conn:
        settlings = [settling.settling(conn, document.id) for document in plan_drafts.open_(conn)]
        titles = {REGISTERED: visit.say("confirming.registered")} if contacts.agencies(conn) else {}
        titles |= {name: load_plan(name).title for name in plan_names()}
        titles |= {edition.plan: edition.title for edition in visit.plans}
    progress = [
        Progress(
            now.document,
            str(now.stands.draft.head.get("title") or now.document.name),
            now.stands.count - len(now.stands.open),
            now.stands.count,
        )
        for now in settlings
    ]
    return rendering.page(
        visit, "plans/confirming", status, drafts=progress, titles=titles, form=form
    )


def _look(
    visit: Visit, draft: str, first: int, form: forms.Form | None = None, *, status: int = 200
) -> Response:
    with visit.read() as conn:
        now = settling.settling(conn, draft)
    return rendering.page(
        visit,
        "plans/confirming-draft",
        status,
        now=now,
        strips=strips.strips(now.stands, first),
        first=first,
        most=strips.MOST,
        pages=range(0, len(now.stands.draft.measures), strips.MOST),
        names={agency.id: agency.name for agency in now.stands.draft.register.agencies},
        anchor=_anchor,
        findings=_findings(visit, now) if now.stands.is_settled else [],
        form=form or forms.Form(),
    )


def _findings(visit: Visit, now: settling.Settling) -> list[str]:
    """Return the parts of the text that the settled plan leaves out, or why it is no plan."""
    try:
        return [
            finding.line(visit.lang) for finding in check(settling.made(now), now.document.text)
        ]
    except DubanError as error:
        return [error.in_language(visit.lang)]


def _fill_in(
    visit: Visit, draft: str, deed: Action, what: correction_form.Subject, form: Any
) -> Response:
    """Take the step with the values of the form; show each error at its field."""
    with visit.read() as conn:
        stands = settling.settling(conn, draft).stands
    try:
        refuse_unknown(form, what.names)
        step = Step(deed, what.about, correction_form.form_fields(what, form))
        settling.say(visit.ledger, draft, visit.act, step=step)
    except DubanError as error:
        values = {
            n: form.getlist(n) if n in correction_form.LISTS else form.get(n) for n in what.values
        }
        place = str(error.values.get("name" if error.key == "plan-value" else "place", ""))
        field = {error.key: place if place in what.values else "", "draft-words": "says"}
        again = forms.refusal(error, visit.lang, field, **values)
        return _correct(visit, draft, what, again, status=422)
    first = strips.strip_of(stands, what.about)
    return redirect(f"{HOME}/{draft}?from={first}#{_anchor(what.about)}")


def _correct(
    visit: Visit, draft: str, what: correction_form.Subject, form: forms.Form, status: int = 200
) -> Response:
    with visit.read() as conn:
        stands = settling.settling(conn, draft).stands
    return rendering.page(
        visit,
        "plans/confirming-correct",
        status,
        draft=draft,
        what=what,
        days=DAYS,
        choices=correction_form.CHOICES,
        lists=correction_form.LISTS,
        agencies=stands.draft.register.agencies,
        back=f"{HOME}/{draft}?from={strips.strip_of(stands, what.about)}#{_anchor(what.about)}",
        form=form,
    )
