"""Slip numbers, ladder and scores of a plan change by an amendment, shown before."""

from __future__ import annotations

import html
import re

from tasks.in_force import in_force

HOME = "/plans/settings"
CHOICE = re.compile(r'<select id="[^"]*" name="([^"]*)">(.*?)</select>', re.DOTALL)


def fields_of(page):
    """Return the fields of the last form of a page, as its browser would send them."""
    form = page.split("<form")[-1]
    fields = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name, value = (re.search(rf'\b{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name and name[1] != "token" and ('type="checkbox"' not in tag or " checked" in tag):
            fields.setdefault(name[1], []).append(html.unescape(value[1] if value else ""))
    for name, body in re.findall(
        r'<select id="[^"]*" name="([^"]*)">(.*?)</select>', form, re.DOTALL
    ):
        fields[name] = re.findall(r'value="([^"]*)" selected', body) or [""]
    return fields


def edition(ledger):
    with ledger.read() as conn:
        return in_force(conn, "guangdong-2013").plan


def test_settings_are_shown_changed_and_published(signed_in, desk_ledger):
    chen = signed_in("chen")
    fields = fields_of(chen.get(HOME).text) | {"slip_prefix": ["粵督"], "score_late": ["50"]}
    before = edition(desk_ledger)

    page = chen.post_form(HOME, **fields).text
    assert "<ins>粵督</ins>" in page
    assert "<ins>50</ins>" in page
    assert edition(desk_ledger) == before
    shown = re.search(r'name="shown" value="(\w+)"', page)[1]

    stale = chen.post_form(f"{HOME}/publish", shown_on=HOME, **fields, shown="other")
    assert (stale.status_code, edition(desk_ledger)) == (409, before)
    done = chen.post_form(f"{HOME}/publish", shown_on=HOME, **fields, shown=shown)

    assert done.status_code == 200
    after = edition(desk_ledger)
    assert (after.edition, after.slip_prefix, after.scorecard.late) == (
        before.edition + 1,
        "粵督",
        50,
    )
    assert after.ladder == before.ladder


def test_what_is_wrong_with_a_setting_stands_at_its_field(signed_in):
    chen = signed_in("chen")
    fields = fields_of(chen.get(HOME).text) | {"burden": ["none"], "rung-0-to": []}
    for step in ("", "/publish"):
        more = {"shown": "x"} if step else {}
        page = chen.post_form(f"{HOME}{step}", shown_on=HOME, **fields, **more)
        assert page.status_code == 422
        assert 'id="burden-wrong"' in page.text
        assert 'id="rung-0-to-wrong"' in page.text


def test_the_administrator_publishes_nothing(signed_in):
    assert signed_in("lin").get(HOME).status_code == 403
