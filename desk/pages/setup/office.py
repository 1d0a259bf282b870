"""`/setup/office`: the name of the office, and the language of its letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from catalog.errors import DubanError
from catalog.wording import languages
from catalog.wording.language import names
from desk.setup.steps import SettingUp, act_of, after, step_page
from desk.web import forms
from desk.web.addresses import redirect
from ledger.settings import is_set
from tasks.setup.founding import name_office, office
from tasks.setup.office_settings import choose

if TYPE_CHECKING:
    from desk.web.visit import Visit

router = APIRouter()

Text = Annotated[str, Form()]
IN_FULL = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}


@router.get("/setup/office")
def show(visit: SettingUp) -> Response:
    """Show the name and the language as they are."""
    with visit.read() as conn:
        our_office = office(conn)
    lang = visit.desk.settings.lang if our_office else visit.lang
    return _page(visit, forms.Form({"name": our_office.name if our_office else "", "lang": lang}))


@router.post("/setup/office")
def record(visit: SettingUp, name: Text = "", lang: Text = "") -> Response:
    """Record the name of the office, and the language of its letters."""
    act = act_of(visit)
    if lang not in languages():
        lang = visit.lang
    try:
        name_office(visit.ledger, name, at=act.at, actor=act.user)
        choose(visit.ledger, {"lang": lang})
    except DubanError as error:
        values = {"name": name, "lang": lang}
        return _page(visit, forms.refusal(error, visit.lang, {error.key: "name"}, **values), 422)
    return redirect(after("office"))


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    signs = names()
    offered = [(code, IN_FULL.get(code, signs[code])) for code in languages()]
    return step_page(visit, "office", status, form=form, offered=offered, is_fixed=is_set("lang"))
