"""`/plans`: the plan in force with its duties, and the publishing of an edition."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, NamedTuple

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import Response

from catalog.dates.edge_words import say_edge
from catalog.duties.evidence_rules import safe_name
from catalog.errors import ConflictError, DubanError, InvalidError, NotFoundError, UsageRefusedError
from catalog.plans.difference import Difference, difference
from catalog.plans.load import load_plan, plan_names, plan_of
from catalog.plans.model import Plan
from catalog.plans.office_dates import decide
from desk.plans import date_choices, first_publication
from desk.plans.uploads import LARGEST, Upload, parsed, plan_upload
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.fields import WholeForm, refuse_unknown
from desk.web.menu import Entry
from desk.web.visit import Visit, entering, publishing
from ledger.people import agencies
from ledger.post import contacts
from tasks.clock import typed_day
from tasks.in_force import InForce, in_force
from tasks.plans import settling
from tasks.plans.belonging import adopted
from tasks.plans.publish import check, decided
from tasks.plans.publish import publish as publish_plan
from tasks.plans.scheduling import schedule
from tasks.reports.targets import target_reports

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.datastructures import FormData

    from catalog.plans.office_dates import Decision
    from desk.plans.first_publication import Start
    from ledger.session import Connection
    from tasks.past.foreseeing import Foresight

router = APIRouter()
MENU = Entry("/plans", "plans.menu", "see-plans", 50)
Publisher = Annotated[Visit, Depends(publishing)]
SENT = ("plan", "shown", "text", "name", "draft")  # the fields of an edition that was shown


class Offer(NamedTuple):
    """A plan of the catalogue, and its edition in force; 0 when none is."""

    plan: Plan
    edition: int

    @property
    def is_new(self) -> bool:
        """Whether the catalogue has a newer edition than the one in force."""
        return self.plan.edition > self.edition


class _Shown(NamedTuple):
    """The edition on the page: of the catalogue, of an uploaded file, or of a draft."""

    edition: Plan | None = None
    upload: Upload | None = None
    draft: str = ""


@router.get("/plans")
def plans(visit: Annotated[Visit, Depends(entering("see-plans"))]) -> Response:
    """Show the plan in force: chapters, measures with their words, obligations and targets."""
    if not visit.plans:
        return (
            redirect("/plans/publish")
            if visit.may("publish-plan")
            else rendering.page(visit, "plans/plans-none")
        )
    with visit.read() as conn:
        return rendering.page(
            visit,
            "plans/plans",
            current=in_force(conn, visit.plan),
            edge=say_edge,
            agencies={a.id: a.name for a in contacts.agencies(conn).values()},
            targets=len(target_reports(conn, visit.plan)),
            groups=any(a.kind == "open-group" for a in in_force(conn, visit.plan).plan.agencies),
        )


@router.get("/plans/publish")
def offers(visit: Publisher, of: str = "", draft: str = "") -> Response:
    """Show the catalogue, and the changes if its plan `of` or a settled draft were published."""
    if draft:
        return _page(visit, _Shown(_of_draft(visit, draft), draft=draft))
    return _page(visit, _Shown(_of_catalogue(of)) if of else None)


@router.post("/plans/upload")
def take(visit: Publisher, upload: Annotated[UploadFile | None, File()] = None) -> Response:
    """Show the changes if an uploaded plan were published; nothing is stored until then."""
    try:
        upload_file = plan_upload(upload)
        edition = plan_of(parsed(upload_file))
        with visit.read() as conn:
            _follows(conn, visit, edition)
    except DubanError as error:
        status = 409 if isinstance(error, ConflictError) else 422
        return _page(visit, form=_form(visit, error), status=status)
    return _page(visit, _Shown(edition, upload_file))


@router.post("/plans/publish")
def publish(
    visit: Publisher,
    *,
    plan: Annotated[str, Form()] = "",
    digest_shown: Annotated[str, Form(alias="shown")] = "",
    text: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    draft: Annotated[str, Form()] = "",
    fields: WholeForm,
) -> Response:
    """Put the edition in force whose changes were shown; if it differs, show its changes first.

    It is that of a settled `draft`, of the file `name` uploaded before, or the catalogue's `plan`,
    with the dates that the office decided where the text leaves them open.
    """
    upload = Upload(safe_name(name), text.encode()) if text else None
    edition = _of_draft(visit, draft) if draft else None
    try:
        if edition is None:
            edition = plan_of(parsed(upload)) if upload else _of_catalogue(plan)
    except InvalidError as error:
        return _page(visit, form=_form(visit, error), status=422)
    is_first = edition.plan not in {each.plan for each in visit.plans}
    beginning = first_publication.FIELDS if is_first else ()
    refuse_unknown(fields, (*SENT, *beginning, *date_choices.names(edition)))
    shown = _Shown(edition, upload, draft)
    try:
        start = first_publication.start(fields) if is_first else None
        if digest_shown != digest(edition) or (start and not start.is_shown):
            is_look = start is not None and start.is_look
            form = forms.Form(_typed(edition, fields))
            return _page(visit, shown, form, stale=not is_look, status=200 if is_look else 409)
        decisions = date_choices.decisions(edition, fields)
        _publish(visit, decide(edition, decisions), draft, decisions, start)
    except (ConflictError, InvalidError, UsageRefusedError) as error:
        status = 409 if isinstance(error, ConflictError) else 422
        form = date_choices.refusal(error, visit.lang, edition, fields)
        if error.key in first_publication.ERRORS:
            place = first_publication.ERRORS
            form = forms.refusal(error, visit.lang, place, **_typed(edition, fields))
            status = 422
        return _page(visit, shown, form._replace(values=_typed(edition, fields)), status=status)
    return redirect("/plans", message="plans.said.published", plan=edition.plan)


def _typed(edition: Plan, fields: FormData) -> dict[str, str]:
    """Return what was typed into the form of an edition."""
    dates = {name: str(fields.get(name, "")) for name in date_choices.names(edition)}
    return {**{k: v for k, v in dates.items() if k in fields}, **first_publication.values(fields)}


def _publish(
    visit: Visit,
    plan: Plan,
    draft: str,
    decisions: Mapping[str, Decision],
    start: Start | None,
) -> None:
    source, start_on = {}, start.on if start else None
    if start:
        with visit.read() as conn:
            source = first_publication.accept_unreached(conn, plan, start)
    if draft:
        settling.publish(
            visit.ledger,
            draft,
            visit.act,
            demo=visit.is_demo,
            start_on=start_on,
            decisions=decisions,
            source=source,
        )
    else:
        publish_plan(
            visit.ledger,
            plan,
            at=visit.now.at,
            actor=visit.actor.user,
            demo=visit.is_demo,
            start_on=start_on,
            source=decided(decisions) | source,
        )
    if start:
        schedule(visit.ledger, plan, visit.now.at)


def digest(plan: Plan) -> str:
    """Return the hash of the text of an edition."""
    return hashlib.sha256(plan.model_dump_json().encode()).hexdigest()


def _page(
    visit: Visit,
    shown: _Shown | None = None,
    form: forms.Form | None = None,
    *,
    stale: bool = False,
    status: int = 200,
) -> Response:
    form, (edition, upload, draft) = form or forms.Form(), shown or _Shown()
    dates = date_choices.choices(edition, form.values) if edition else []
    with visit.read() as conn:
        current = {each.plan: in_force(conn, each.plan) for each in visit.plans}
        before = current.get(edition.plan) if edition else None
        return rendering.page(
            visit,
            "plans/plans-publish",
            status,
            offers=_offers(current),
            edition=edition,
            before=before,
            changes=_changes(conn, before, edition and date_choices.as_proposed(edition)),
            digest=digest(edition) if edition else "",
            upload=upload,
            draft=draft,
            largest=LARGEST // 1000,
            agencies={a.id: a.name for a in contacts.agencies(conn).values()},
            stale=stale,
            dates=dates,
            form=form,
            foreseen=_foreseen(conn, visit, edition, form) if edition and not before else None,
        )


def _foreseen(conn: Connection, visit: Visit, edition: Plan, form: forms.Form) -> Foresight:
    """Return what the start day of the form brings; it is today where none was typed."""
    try:
        start_on = typed_day(str(form.value("start_on")))
    except ValueError:
        start_on = visit.on
    return first_publication.foresight(conn, edition, start_on)


def _offers(current: dict[str, InForce]) -> list[Offer]:
    plans = [load_plan(name) for name in plan_names()]
    return [Offer(p, current[p.plan].plan.edition if p.plan in current else 0) for p in plans]


def _changes(conn: Connection, before: InForce | None, edition: Plan | None) -> Difference | None:
    if before is None or edition is None:
        return None
    return difference(before.plan, adopted(conn, edition), agencies.heirs(conn))


def _of_catalogue(plan: str) -> Plan:
    """Return a plan of the catalogue; a page never reads a file that a form names."""
    if plan not in plan_names():
        raise NotFoundError("plan-unknown", plan=plan, known=", ".join(plan_names()))
    return load_plan(plan)


def _of_draft(visit: Visit, draft: str) -> Plan:
    with visit.read() as conn:
        return settling.made(settling.settling(conn, draft))


def _follows(conn: Connection, visit: Visit, edition: Plan) -> None:
    """Refuse, with the rule, an edition that cannot follow the one in force."""
    if edition.plan in {each.plan for each in visit.plans}:
        check(in_force(conn, edition.plan), edition)


def _form(visit: Visit, error: DubanError) -> forms.Form:
    return forms.refusal(error, visit.lang, {error.key: "upload"})
