"""A page is one module in `desk/pages/` and one template in `desk/templates/`."""

from __future__ import annotations

PAGE = '''
"""`/harbour`: the page of a test."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from desk.web import rendering
from desk.web.menu import Entry
from desk.web.visit import Anyone

MENU = Entry("/harbour", "base.name", "see-ledger", 99)
router = APIRouter()


@router.get("/harbour")
def harbour(visit: Anyone) -> Response:
    """Show the page."""
    return rendering.page(visit, "today/harbour", ships=3)
'''
TEMPLATE = """{% extends "base.html" %}
{% block title %}Harbour{% endblock %}
{% block main %}<p>{{ ships }} ships</p>{% endblock %}
"""
SCRIPT = """
import datetime as dt
from starlette.testclient import TestClient
from desk.app import create_app
from ledger.offices.installation import load_settings

app = create_app(load_settings(), clock=lambda: dt.datetime.now(dt.UTC))
print([entry.path for entry in app.state.menu])
print(TestClient(app, base_url="http://127.0.0.1").get("/harbour").text)
"""


def test_a_module_and_its_template_are_a_page_in_the_menu(house):
    house.write("desk/pages/today/harbour.py", PAGE)
    house.write("desk/templates/today/harbour.html", TEMPLATE)
    menu, _, page = house.python(SCRIPT).partition("\n")
    assert "'/harbour'" in menu
    assert "<p>3 ships</p>" in page
