"""`/plans/settings`: slip numbers, ladder and score formula of a plan, changed by an amendment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from catalog.errors import ConflictError, DubanError
from desk.pages.plans.plans import digest
from desk.plans import settings_form
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.fields import WholeForm, refuse_unknown
from desk.web.visit import Visit, entering
from tasks.in_force import in_force
from tasks.plans.publish import publish as publish_plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.plans.model import Plan

router = APIRouter()
Publisher = Annotated[Visit, Depends(entering("publish-plan"))]


@router.get("/plans/settings")
def show(visit: Publisher) -> Response:
    """Show the settings of the plan in force."""
    return _page(visit, forms.Form(settings_form.values(_before(visit))))


@router.post("/plans/settings")
def preview(visit: Publisher, fields: WholeForm) -> Response:
    """Show what an edition with these settings would change; nothing is stored."""
    before = _before(visit)
    refuse_unknown(fields, settings_form.names(before))
    values = settings_form.typed(before, fields)
    after, wrong = settings_form.edition(before, values)
    if after is None:
        return _page(visit, _form(visit, values, wrong), status=422)
    return _page(visit, forms.Form(values), after)


@router.post("/plans/settings/publish")
def publish(visit: Publisher, fields: WholeForm) -> Response:
    """Put the edition in force whose changes were shown; if it differs by now, show them first."""
    before = _before(visit)
    refuse_unknown(fields, ["shown", *settings_form.names(before)])
    values = settings_form.typed(before, fields)
    after, wrong = settings_form.edition(before, values)
    if after is None:
        return _page(visit, _form(visit, values, wrong), status=422)
    if fields.get("shown") != digest(after):
        return _page(visit, forms.Form(values), after, status=409)
    changed = [list(change) for change in settings_form.changes(before, after, visit.lang)]
    at, actor, source = visit.now.at, visit.actor.user, {"settings": changed}
    try:
        publish_plan(visit.ledger, after, at=at, actor=actor, source=source)
    except DubanError as error:
        status = 409 if isinstance(error, ConflictError) else 422
        refused = forms.refusal(error, visit.lang)
        return _page(visit, refused._replace(values=values), status=status)
    return redirect("/plans/settings", "plans.said.published", plan=after.plan)


def _before(visit: Visit) -> Plan:
    with visit.read() as conn:
        return in_force(conn, visit.plan).plan


def _form(
    visit: Visit, values: Mapping[str, object], wrong: list[settings_form.Wrong]
) -> forms.Form:
    errors = {each.name: forms.say_refusal(each.error, visit.lang) for each in wrong}
    return forms.Form(values, errors)


def _page(visit: Visit, form: forms.Form, after: Plan | None = None, status: int = 200) -> Response:
    before = _before(visit)
    changes = list(settings_form.changes(before, after, visit.lang)) if after else []
    return rendering.page(
        visit,
        "plans/plan-settings",
        status,
        plan=before,
        form=form,
        after=after,
        changes=changes,
        shown=digest(after) if after else "",
        fields=settings_form,
    )
