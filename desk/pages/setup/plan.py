"""`/setup/plan`: the plan, from the catalogue, a document or a spreadsheet, or an empty one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from fastapi import APIRouter, File, Form, UploadFile
from fastapi.responses import Response

from catalog.duties.evidence_rules import safe_name
from catalog.errors import DubanError, InvalidError
from catalog.plans.load import load_plan, plan_names, plan_of
from desk.plans import date_choices
from desk.plans.uploads import document_upload, parsed, plan_upload
from desk.setup.steps import Founded, act_of, after, path_of, step_page
from desk.web import forms
from desk.web.addresses import redirect
from desk.web.fields import WholeForm, refuse_unknown
from ledger.plans import plan_drafts
from tasks.clock import typed_day
from tasks.plans import settling
from tasks.setup.choices import choices, choose
from tasks.setup.founding import office
from tasks.setup.going import lines_of
from tasks.setup.list_register import register_of
from tasks.setup.plan_choice import CATALOGUE, DRAFT, EMPTY, FILE, chosen_plan, dated_plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.plans.model import Plan
    from desk.web.visit import Visit

router = APIRouter()

Text = Annotated[str, Form()]
ZONES = {"zh-Hans": "Asia/Shanghai", "zh-Hant": "Asia/Shanghai"}


class Open(NamedTuple):
    """A draft that may become the plan: `settled` of its `total` items are settled."""

    id: str
    title: str
    settled: int
    total: int


@router.get("/setup/plan")
def show(visit: Founded, draft: str = "", of: str = "") -> Response:
    """Show the choices, and the plan chosen with the days that its text leaves open.

    `draft` and `of` choose at once: the draft that was just settled, or a plan of the catalogue.
    """
    return _page(visit, forms.Form({"draft": draft, "plan": of}))


@router.post("/setup/plan")
def take(visit: Founded, of: Text = "", plan: Text = "", draft: Text = "") -> Response:
    """Choose a plan of the catalogue or a settled draft."""
    choice = {"of": DRAFT, "draft": draft} if of == DRAFT else {"of": CATALOGUE, "plan": plan}
    if choice["of"] == CATALOGUE and plan not in plan_names():
        wrong = {"plan": visit.say("settings.choose")}
        return _page(visit, forms.Form({"plan": plan}, wrong), 422)
    try:
        _choose(visit, choice)
    except DubanError as error:
        return _page(visit, forms.refusal(error, visit.lang, {}, plan=plan, draft=draft), 422)
    return redirect(path_of("plan"), message="setup.said.plan")


@router.post("/setup/plan/empty")
def take_empty(
    visit: Founded,
    *,
    title: Text = "",
    ends_on: Text = "",
    zone: Text = "",
    workdays: Text = "",
) -> Response:
    """Choose a plan without measures, for duties beside a plan alone."""
    values = {"title": title, "ends_on": ends_on, "zone": zone, "workdays": workdays}
    try:
        try:
            end = typed_day(ends_on.strip())
        except ValueError:
            raise InvalidError("day-unreadable", place="ends_on", typed=ends_on) from None
        choice = {"of": EMPTY, "plan": f"duties-{visit.on.year}", "issued_on": f"{visit.on}"}
        choice |= {"title": title.strip(), "ends_on": f"{end}"}
        choice |= {"zone": zone.strip(), "workdays": workdays.strip()}
        _choose(visit, choice)
    except DubanError as error:
        name = {"plan-zone-unknown": "zone", "workdays-unknown": "workdays"}.get(error.key, "")
        place = name or ("ends_on" if error.key in {"day-unreadable", "plan-term-order"} else "")
        form = forms.refusal(error, visit.lang, {error.key: place or "title"}, **values)
        return _page(visit, form, 422)
    return redirect(after("plan"))


@router.post("/setup/plan/file")
def take_file(
    visit: Founded,
    upload: Annotated[UploadFile | None, File()] = None,
    text: Text = "",
    name: Text = "",
) -> Response:
    """Choose the plan of an uploaded file or workbook, or of a `text` made by another page."""
    try:
        if not text:
            plan_file = plan_upload(upload)
            plan_of(parsed(plan_file))
            name, text = plan_file.name, plan_file.text
        _choose(visit, {"of": FILE, "name": safe_name(name), "text": text})
    except DubanError as error:
        return _page(visit, forms.refusal(error, visit.lang, {error.key: "plan-file"}), 422)
    return redirect(path_of("plan"), message="setup.said.plan")


@router.post("/setup/plan/document")
def read(
    visit: Founded, upload: Annotated[UploadFile | None, File()] = None, code: Text = ""
) -> Response:
    """Read a document into a draft with the agencies of the list, to be settled."""
    code = code.strip() or f"plan-{visit.on.year}"
    try:
        document, act = document_upload(upload, code), act_of(visit)
        register, name = register_of(visit.ledger, act), document.name
        draft = settling.begin(
            visit.ledger, document.content, act, name=name, code=code, register=register
        )
    except DubanError as error:
        field = {error.key: "code" if error.key == "draft-code" else "upload"}
        return _page(visit, forms.refusal(error, visit.lang, field, code=code), 422)
    return redirect(f"/plans/drafts/{draft}")


@router.post("/setup/plan/dates")
def decide(visit: Founded, fields: WholeForm) -> Response:
    """Decide the days that the text of the plan leaves open."""
    with visit.read() as conn:
        choice = choices(conn).get("plan")
        if choice is None:
            return redirect(path_of("plan"))
        plan = chosen_plan(conn, choice)
    refuse_unknown(fields, date_choices.names(plan))
    try:
        decided = date_choices.decisions(plan, fields)
        dates = {o: [f"{d.due_on}", d.reason or ""] for o, d in decided.items()}
        _choose(visit, {**choice, "dates": dates})
    except DubanError as error:
        return _page(visit, date_choices.refusal(error, visit.lang, plan, fields), 422)
    return redirect(after("plan"))


def _choose(visit: Visit, choice: Mapping[str, Any]) -> None:
    """Record the choice, once the plan is found to fit this office."""
    with visit.read() as conn:
        dated_plan(conn, choice)
    act = act_of(visit)
    choose(visit.ledger, "plan", choice, at=act.at, actor=act.user)


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    with visit.read() as conn:
        choice = choices(conn).get("plan")
        drafts = [_open(settling.settling(conn, each.id)) for each in plan_drafts.open_(conn)]
        plan, problem = _chosen(visit, conn, choice)
        our_office = office(conn)
        lines = lines_of(choices(conn).get("agencies"))
    dates = date_choices.choices(plan, {**_typed(choice), **form.values}) if plan else []
    offered = {
        "title": visit.say("setup.plan.empty-title"),
        "ends_on": f"{dt.date(visit.on.year + 1, 12, 31)}",
        "zone": ZONES.get(visit.desk.settings.lang, ""),
        "workdays": "CN" if visit.desk.settings.lang in ZONES else "",
        "code": f"plan-{visit.on.year}",
    }
    return step_page(
        visit,
        "plan",
        status,
        form=forms.Form({**offered, **form.values}, form.errors),
        chosen=choice,
        plan=plan,
        problem=problem,
        dates=dates,
        drafts=drafts,
        titles={name: load_plan(name).title for name in plan_names()},
        office=our_office,
        listed=len({line.name for line in lines}),
    )


def _chosen(visit: Visit, conn: Any, choice: Mapping[str, Any] | None) -> tuple[Plan | None, str]:
    """Return the plan chosen, and why it cannot be taken as it is now."""
    if choice is None:
        return None, ""
    try:
        return chosen_plan(conn, choice), ""
    except DubanError as error:
        return None, forms.say_refusal(error, visit.lang)


def _typed(choice: Mapping[str, Any] | None) -> dict[str, object]:
    """Return the days decided before, by the fields of the form."""
    dates = (choice or {}).get("dates") or {}
    days: dict[str, object] = {f"day-{o}": day for o, (day, _) in dates.items()}
    return days | {f"reason-{o}": reason for o, (_, reason) in dates.items() if reason}


def _open(now: settling.Settling) -> Open:
    stands = now.stands
    title = str(stands.draft.head.get("title") or now.document.name)
    total = stands.count
    settled = total - len(stands.open) - len(stands.draft.questions)
    return Open(now.document.id, title, total if stands.is_settled else settled, total)
