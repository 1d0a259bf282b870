"""`/past`: duties due before the ledger started, settled many at once, and its start day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple, cast, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import Response

from catalog.errors import ConflictError, DubanError, NotFoundError, UsageRefusedError
from desk.web import forms, rendering
from desk.web.addresses import Page, redirect
from desk.web.fields import WholeForm, refuse_unknown
from desk.web.visit import Visit, entering
from ledger.duties import conditions, duties
from ledger.people import agencies
from ledger.plans import editions
from tasks.clock import typed_day
from tasks.past.listing import count, past
from tasks.past.moving import move_start
from tasks.past.settling import SettledAs, Settlement, settle

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from starlette.datastructures import FormData

    from ledger.duties.conditions import Condition
    from ledger.duties.duties import Duty

A_PAGE = 50  # duties
OUTCOMES = get_args(SettledAs)
NAMES = ("as", "day", "words")  # the fields of a row, each followed by its number
FOR_CHOSEN = ("as", "day", "words", "on_due_day", "chosen")

router = APIRouter()
Office = Annotated[Visit, Depends(entering("settle-past"))]
START = {"day-unreadable": "start_on", "start-same": "start_on"}


class Selection(NamedTuple):
    """The part of the list that the address asks for."""

    agency: str = ""
    measure: str = ""

    @property
    def where(self) -> list[Condition]:
        """The conditions of its duties."""
        of_agency = [conditions.answered_by([self.agency])] if self.agency else []
        return [*of_agency, conditions.of(measure=self.measure)]

    def path(self, plan: str, page: int = 1) -> str:
        """Return the address of a page of it."""
        values = {"plan": plan, **{name: text for name, text in self._asdict().items() if text}}
        return f"/past?{urlencode(values | ({'page': page} if page > 1 else {}))}"


def selection(
    agency: Annotated[str, Query(max_length=100)] = "",
    measure: Annotated[str, Query(max_length=100)] = "",
) -> Selection:
    """Return the part of the list that the address asks for."""
    return Selection(agency, measure)


Chosen = Annotated[Selection, Depends(selection)]


class Row(NamedTuple):
    """A past duty, with what was typed into its row and what is wrong with that."""

    duty: Duty
    typed: Mapping[str, str]
    error: str = ""


@router.get("/past")
def show(visit: Office, chosen: Chosen, page: Page = 1) -> Response:
    """Show a page of the past duties that nobody has settled."""
    with visit.read() as conn:
        total = count(conn, visit.plan, *chosen.where)
        page = min(page, max(-(-total // A_PAGE), 1))
        part = past(conn, visit.plan, *chosen.where)[(page - 1) * A_PAGE : page * A_PAGE]
    return _page(visit, chosen, [Row(duty, {}) for duty in part], page=page)


@router.post("/past")
def settle_rows(visit: Office, chosen: Chosen, fields: WholeForm, page: Page = 1) -> Response:
    """Settle the rows that were filled in, all or none; an error stands in its row."""
    keys = [str(key) for key in fields.getlist("key")][:A_PAGE]
    rows = {
        key: {name: _text(fields, f"{name}-{n}") for name in NAMES} for n, key in enumerate(keys)
    }
    refuse_unknown(
        fields, ("key", *FOR_CHOSEN, *(f"{x}-{n}" for n in range(len(keys)) for x in NAMES))
    )
    with visit.read() as conn:
        known = duties.of(conn, keys)
    errors: dict[str, str] = {}
    settlements: list[Settlement] = []
    for key, values in rows.items():
        try:
            settlements += _settlement(known.get(key), key, _filled(fields, known.get(key), values))
        except DubanError as error:
            errors[key] = forms.say_refusal(error, visit.lang)
    if settlements and not errors:
        refused = settle(visit.ledger, visit.plan, visit.act, settlements)
        errors = {key: forms.say_refusal(error, visit.lang) for key, error in refused}
        if not refused:
            return redirect(chosen.path(visit.plan), "past.said.settled")
    listed = [Row(known[k], values, errors.get(k, "")) for k, values in rows.items() if k in known]
    form = forms.Form({name: fields.get(name, "") for name in FOR_CHOSEN})
    form = form._replace(values={**form.values, "chosen": fields.getlist("chosen")})
    wrong = len(errors) if errors else None
    return _page(visit, chosen, listed, form, page=page, wrong=wrong, is_empty=not settlements)


@router.post("/past/start")
def correct_start(
    visit: Office,
    start_on: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Correct the day on which the ledger starts."""
    try:
        move_start(visit.ledger, visit.plan, visit.act, start_on=_day(start_on), reason=reason)
    except (ConflictError, UsageRefusedError) as error:
        form = forms.refusal(error, visit.lang, START, start_on=start_on, reason=reason)
        return _first_page(visit, form)
    return redirect("/past", "past.said.moved", plan=visit.plan)


def _first_page(visit: Visit, start: forms.Form) -> Response:
    with visit.read() as conn:
        rows = [Row(duty, {}) for duty in past(conn, visit.plan)[:A_PAGE]]
    return _page(visit, Selection(), rows, start=start, status=422)


def _filled(fields: FormData, duty: Duty | None, values: Mapping[str, str]) -> Mapping[str, str]:
    """Return the values of a row; one that is chosen and empty has those for all chosen rows."""
    if values["as"] or duty is None or duty.key not in fields.getlist("chosen"):
        return values
    common = {name: _text(fields, name) for name in NAMES}
    if _text(fields, "on_due_day"):
        common["day"] = f"{duty.due_on}"
    return common


def _settlement(duty: Duty | None, key: str, values: Mapping[str, str]) -> list[Settlement]:
    """Return the settlement of a row, none where nothing is chosen for it."""
    if not values["as"]:
        return []
    if duty is None:
        raise NotFoundError("duty-unknown", key=key)
    if values["as"] not in OUTCOMES:
        raise UsageRefusedError("outcome-unknown", outcome=values["as"])
    outcome = cast("SettledAs", values["as"])
    done_on = _day(values["day"]) if outcome == "done" and values["day"] else None
    words = values["words"]
    return [Settlement(key, outcome, done_on, document=words, reason=words)]


def _day(text: str) -> dt.date:
    try:
        return typed_day(text.strip())
    except ValueError:
        raise UsageRefusedError("day-unreadable", typed=text) from None


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def _page(
    visit: Visit,
    chosen: Selection,
    rows: list[Row],
    form: forms.Form | None = None,
    *,
    start: forms.Form | None = None,
    page: int = 1,
    wrong: int | None = None,
    is_empty: bool = False,
    status: int = 200,
) -> Response:
    is_refused = wrong is not None or is_empty
    with visit.read() as conn:
        every = past(conn, visit.plan)
        edition = editions.in_force(conn, visit.plan)
        total = count(conn, visit.plan, *chosen.where)
        return rendering.page(
            visit,
            "plans/past",
            422 if is_refused else status,
            rows=rows,
            form=form or forms.Form(),
            start=start or forms.Form(),
            start_on=edition.start_on or edition.issued_on,
            chosen=chosen,
            page=page,
            pages=max(-(-total // A_PAGE), 1),
            total=total,
            unsettled=len(every),
            wrong=wrong,
            is_empty=is_empty and wrong is None,
            outcomes=OUTCOMES,
            names={a.id: a.name for a in agencies.agencies_on(conn, visit.on).values()},
            performers=sorted({duty.performer for duty in every}),
            measures=sorted({duty.measure for duty in every}, key=lambda n: (len(n), n)),
        )
