"""`/plans`: a plan with its words and duties, and putting an edition of the catalogue in force."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Annotated, NamedTuple

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import Response

from catalog.duties.evidence_rules import safe_name
from catalog.errors import ConflictError, DubanError, InvalidError, NotFoundError
from catalog.plans import file as plan_file
from catalog.plans.difference import Difference, difference
from catalog.plans.load import load_plan, plan_names, plan_of
from catalog.plans.model import Plan
from catalog.reading.settling.plan_toml import tables_toml
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.menu import Entry
from desk.web.visit import Visit, entering
from ledger.people import agencies
from ledger.post import contacts
from tasks.documents import plan_workbook
from tasks.in_force import InForce, in_force
from tasks.plans import settling
from tasks.plans.publish import check
from tasks.plans.publish import publish as publish_plan
from tasks.reports.targets import target_reports

if TYPE_CHECKING:
    from ledger.session import Connection

router = APIRouter()
MENU = Entry("/plans", "plans.menu", "see-plans", 50)
Publisher = Annotated[Visit, Depends(entering("publish-plan"))]
LARGEST = 800_000  # bytes of an uploaded plan, which the form that publishes it brings once more


class Offer(NamedTuple):
    """A plan of the catalogue beside what is in force of it: `edition` 0 when nothing is."""

    plan: Plan
    edition: int

    @property
    def is_new(self) -> bool:
        """Whether publishing it would do anything."""
        return self.plan.edition > self.edition


class Brought(NamedTuple):
    """A file as it was uploaded; `size` in bytes where less of it was read."""

    name: str
    content: bytes
    size: int = 0

    @property
    def text(self) -> str:
        """Its text, which a form brings back."""
        return self.content.decode("utf-8-sig")


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
            held=in_force(conn, visit.plan),
            agencies={a.id: a.name for a in contacts.agencies(conn).values()},
            targets=len(target_reports(conn, visit.plan)),
        )


@router.get("/plans/publish")
def offers(visit: Publisher, of: str = "", draft: str = "") -> Response:
    """Show the catalogue, and what publishing the plan `of` it or a settled draft would change."""
    if draft:
        return _page(visit, _drafted(visit, draft), draft=draft)
    return _page(visit, _chosen(of) if of else None)


@router.post("/plans/upload")
def take(visit: Publisher, upload: Annotated[UploadFile | None, File()] = None) -> Response:
    """Show what publishing an uploaded plan would change; nothing of it is kept until then."""
    try:
        brought = _read(upload)
        chosen = plan_of(_parsed(brought))
        with visit.read() as conn:
            _follows(conn, visit, chosen)
    except DubanError as error:
        status = 409 if isinstance(error, ConflictError) else 422
        return _page(visit, form=_refused(visit, error), status=status)
    return _page(visit, chosen, brought)


@router.post("/plans/publish")
def publish(
    visit: Publisher,
    *,
    plan: Annotated[str, Form()] = "",
    shown: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    draft: Annotated[str, Form()] = "",
) -> Response:
    """Put the edition in force whose difference was shown; another one is shown first.

    It is that of a settled `draft`, of the file `name` uploaded before, or the catalogue's `plan`.
    """
    brought = Brought(safe_name(name), text.encode()) if text else None
    chosen = _drafted(visit, draft) if draft else None
    try:
        if chosen is None:
            chosen = plan_of(_parsed(brought)) if brought else _chosen(plan)
        if shown != digest(chosen):
            return _page(visit, chosen, brought, draft=draft, stale=True, status=409)
        if draft:
            settling.publish(visit.ledger, draft, visit.act, demo=visit.is_demo)
        else:
            at = visit.now.at
            publish_plan(visit.ledger, chosen, at=at, actor=visit.actor.user, demo=visit.is_demo)
    except ConflictError as error:
        refused = _refused(visit, error)
        return _page(visit, chosen, brought, draft=draft, form=refused, status=409)
    except InvalidError as error:
        return _page(visit, form=_refused(visit, error), status=422)
    return redirect("/plans", message="plans.said.published", plan=chosen.plan)


def digest(plan: Plan) -> str:
    """Return what tells this edition from any other text of it."""
    return hashlib.sha256(plan.model_dump_json().encode()).hexdigest()


def _page(
    visit: Visit,
    chosen: Plan | None = None,
    brought: Brought | None = None,
    *,
    draft: str = "",
    form: forms.Form | None = None,
    stale: bool = False,
    status: int = 200,
) -> Response:
    with visit.read() as conn:
        held = {each.plan: in_force(conn, each.plan) for each in visit.plans}
        before = held.get(chosen.plan) if chosen else None
        return rendering.page(
            visit,
            "plans/plans-publish",
            status,
            offers=_offers(held),
            chosen=chosen,
            before=before,
            changed=_changed(conn, before, chosen),
            shown=digest(chosen) if chosen else "",
            brought=brought,
            draft=draft,
            largest=LARGEST // 1000,
            agencies={a.id: a.name for a in contacts.agencies(conn).values()},
            stale=stale,
            form=form or forms.Form(),
        )


def _offers(held: dict[str, InForce]) -> list[Offer]:
    found = [load_plan(name) for name in plan_names()]
    return [Offer(p, held[p.plan].plan.edition if p.plan in held else 0) for p in found]


def _changed(conn: Connection, before: InForce | None, chosen: Plan | None) -> Difference | None:
    if before is None or chosen is None:
        return None
    return difference(before.plan, chosen, agencies.heirs(conn))


def _chosen(plan: str) -> Plan:
    """Return the plan of the catalogue; a page never reads a file that a form names."""
    if plan not in plan_names():
        raise NotFoundError("plan-unknown", plan=plan, known=", ".join(plan_names()))
    return load_plan(plan)


def _drafted(visit: Visit, draft: str) -> Plan:
    with visit.read() as conn:
        return settling.made(settling.settling(conn, draft))


def _read(file: UploadFile | None) -> Brought:
    if file is None:
        return Brought(safe_name(""), b"")
    content = file.file.read(LARGEST + 1)
    brought = Brought(safe_name(file.filename or ""), content, file.size or 0)
    return _of_a_workbook(brought) if brought.name.lower().endswith(".xlsx") else brought


def _of_a_workbook(brought: Brought) -> Brought:
    """Return a workbook as the plan's file it says; a fault names its sheet and cell."""
    if max(brought.size, len(brought.content)) > LARGEST:
        return brought
    book = plan_workbook.read(io.BytesIO(brought.content), name=brought.name)
    plan_of(book)
    return Brought(brought.name, tables_toml(book.tables).encode())


def _parsed(brought: Brought) -> plan_file.PlanFile:
    return plan_file.parse(brought.content, brought.name, size=brought.size, largest=LARGEST)


def _follows(conn: Connection, visit: Visit, chosen: Plan) -> None:
    """Refuse, with the rule, an edition that could not follow the one in force."""
    if chosen.plan in {each.plan for each in visit.plans}:
        check(in_force(conn, chosen.plan), chosen)


def _refused(visit: Visit, error: DubanError) -> forms.Form:
    return forms.refusal(error, visit.lang, {error.key: "upload"})
