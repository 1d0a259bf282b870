"""The pages speak three languages, each complete, and take the one a browser asks for."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from catalog.wording import languages, spell, texts
from desk.app import _modules
from desk.web import words
from desk.web.lamps import LAMPS
from desk.web.rendering import STATIC

OURS = languages()
DAY = dt.date(2014, 3, 14)
TEMPLATES = STATIC / ".." / "templates"


@pytest.mark.parametrize("lang", OURS)
def test_no_text_is_empty_or_brings_markup(lang):
    assert [k for k, v in texts(lang).items() if not v.strip() or "<" in v] == []


def test_every_text_a_template_or_a_page_names_is_there():
    sources = [f.read_text("utf-8") for f in TEMPLATES.rglob("*.html")]
    sources += [Path(m.__file__).read_text("utf-8") for m in _modules()]
    asked = {k for s in sources for k in re.findall(r'\bt\("([a-z0-9.-]+)"[,)]', s)}
    counted = {k for s in sources for k in re.findall(r'\btn\("([a-z0-9.-]+)"[,)]', s)}
    told = {k for s in sources for k in re.findall(r'said="([a-z0-9.-]+)"', s)}

    ours = set(texts("zh-Hant"))
    assert (asked | told | {f"{k}-other" for k in counted}) - ours == set()
    assert len(asked) > 20


def test_no_template_has_a_style_or_a_handler_of_its_own():
    wrong = [
        f.name
        for f in TEMPLATES.rglob("*.html")
        if re.search(r"\sstyle=|<style|\son[a-z]+=|<script>|\|\s*safe", f.read_text("utf-8"))
    ]

    assert wrong == []


def test_the_own_script_stays_small():
    assert len((STATIC / "duban.js").read_bytes()) <= 8 * 1024


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hant-CN", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("en-GB", "en"),
        ("fr, en;q=0.2, zh-CN;q=0.8", "zh-Hans"),
        ("en;q=0, zh-TW", "zh-Hant"),
        ("fr", "zh-Hant"),
        ("", "zh-Hant"),
        ("*;q=high,,;;", "zh-Hant"),
    ],
)
def test_a_browser_gets_the_language_it_asks_for(asked, given):
    assert words.preferred(asked, default="zh-Hant") == given


@pytest.mark.parametrize(
    ("lang", "form", "spelled"),
    [
        ("zh-Hant", "full", "2014年3月14日"),
        ("zh-Hant", "short", "3月14日"),
        ("zh-Hant", "week", "星期五"),
        ("zh-Hans", "month", "2014年3月"),
        ("en", "full", "14 March 2014"),
        ("en", "short", "14 Mar"),
        ("en", "week", "Friday"),
    ],
)
def test_a_day_is_spelled_as_the_language_does(lang, form, spelled):
    assert spell(lang, DAY, form) == spelled


def test_an_instant_is_shown_by_the_clock_of_the_plans_zone():
    at = dt.datetime(2014, 3, 14, 18, 30, tzinfo=dt.UTC)
    shanghai = dt.timezone(dt.timedelta(hours=8))

    assert words.spell_instant("zh-Hant", at, shanghai) == "2014年3月15日 02:30"


def test_what_fills_a_text_is_escaped():
    told = words.say_markup("zh-Hant", "clock.stands", on="<b>", week="x")

    assert "&lt;b&gt;" in told


@pytest.mark.parametrize("lang", OURS)
def test_every_page_of_everybody_reads_in_every_language(browser, lang):
    answer = browser.get("/sign-in", headers={"Cookie": f"duban-language={lang}"})

    assert f'<html lang="{lang}">' in answer.text


@pytest.mark.both
def test_the_choice_is_kept_and_leads_back_to_the_page(signed_in):
    chen = signed_in("chen")
    answer = chen.post_form("/language", to="en", then="/account")

    assert answer.url.path == "/account"
    assert "Change the password" in answer.text
    assert "Change the password" in chen.get("/account").text


def test_a_language_we_do_not_speak_is_refused(browser):
    assert browser.post("/language", data={"to": "fr"}).status_code == 422


def test_every_status_has_a_shape_that_is_drawn():
    drawn = set(re.findall(r'<symbol id="(\w+)"', (TEMPLATES / "macros.html").read_text("utf-8")))

    assert {icon for _, icon in LAMPS.values()} <= drawn
