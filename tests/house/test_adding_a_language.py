"""A language is one folder in `catalog/wording/`; a word it lacks is said in another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

WORDING = "catalog/wording"
TEXT = re.compile(r'^([\w.-]+ = ")', re.MULTILINE)
LANGUAGE = """name = "FR"
tags = ["fr-CA"]
fallback = ["en"]
"""
# A page, as a browser asks for it, then a letter.
SCRIPT = """
import datetime as dt
from starlette.testclient import TestClient
from catalog.letters.layout import digest
from catalog.letters.line import DutyLine, News, Office
from catalog.letters.sheet import plain
from desk.app import create_app
from ledger.offices.installation import load_settings

app = create_app(load_settings(), clock=lambda: dt.datetime.now(dt.UTC))
browser = TestClient(app, base_url="http://127.0.0.1", headers={"Accept-Language": "fr-CA"})
answer = browser.get("/setup")
print(answer.status_code, answer.text)
line = DutyLine(key="key", measure="1", title="Titre", lead="A", performer="B", ask="file",
                due_on=dt.date(2014, 8, 30), news=(News("before", "file"),))
letter = plain(digest([line], language="fr", recipients=["C"], office=Office("D"),
                      on=dt.date(2014, 8, 1)))
print(letter.subject, letter.body)
"""


@pytest.fixture
def whole(house):
    """The copy with a language that has every text of the English one, marked as its own."""
    english = house.root / WORDING / "en"
    for file in english.rglob("*.toml"):
        text = TEXT.sub(r"\1fr:", file.read_text(encoding="utf-8"))
        house.write(f"{WORDING}/fr/{file.relative_to(english)}", text)
    house.write(f"{WORDING}/fr/language.toml", LANGUAGE)
    return house


@pytest.fixture
def half(house):
    """The copy with a language begun: two texts, of which one asks for what nobody gives."""
    house.write(f"{WORDING}/fr/setup/setup.toml", 'title = "Entrer"\n')
    house.write(f"{WORDING}/fr/post/notice.toml", 'to = "À {recipient}, de {nobody}"\n')
    return house


def refusal(house) -> str:
    """Return the line of an error, in the language DUBAN_LANG names."""
    return house.python(
        "import sys; from desk import cli; sys.stderr = sys.stdout;cli.run(['plan', 'show', 'no'])",
        DUBAN_LANG="fr",
    )


def duties(house) -> str:
    """Return the list of duties, in the language DUBAN_LANG names."""
    house.duban("plan", "publish", "guangdong-2013", "--start-on", "2013-08-05")
    house.duban("sweep", "--on", "2014-01-02", "--confirm")
    return house.duban("duties", DUBAN_LANG="fr")


def test_a_folder_is_a_language_of_pages_letters_and_commands(whole):
    told = whole.python(SCRIPT, DUBAN_LANG="fr")
    assert '<html lang="fr">' in told
    assert "fr:Set up duban" in told
    assert 'value="fr"' in told
    assert "30 août 2014" in told
    assert "fr:To respond" in told
    assert "fr:" in refusal(whole)
    assert "fr:overdue" in duties(whole).lower()


def test_half_a_language_is_completed_by_that_of_the_plans(half):
    told = half.python(SCRIPT, DUBAN_LANG="fr")
    assert told.startswith("200 ")
    assert '<html lang="fr">' in told
    assert "Entrer" in told
    assert "一次性驗證碼" in told
    assert "30 août 2014" in told
    assert "{nobody}" not in told
    assert "沒有名為" in refusal(half)
    assert "逾期" in duties(half)


def test_a_test_reports_the_words_that_are_missing(half):
    tests = Path(__file__).parents[1] / "catalog" / "wording" / "test_wording.py"
    code = (
        f"import runpy; lacking = runpy.run_path({str(tests)!r})['lacking'];"
        "print(sorted(lacking('fr'))[:1], len(lacking('fr')), len(lacking('en')))"
    )
    first, lacking, english = half.python(code).rsplit(" ", 2)
    assert (first, int(english)) == ("['account.again']", 0)
    assert int(lacking) > 1000


def test_a_language_there_is_not_is_refused_with_those_there_are(half):
    code = """
from catalog.errors import DubanError
from ledger.offices.installation import load_settings
try:
    load_settings({"DUBAN_LANG": "tlh"})
except DubanError as error:
    print(error)
"""
    assert "en, fr, zh-Hans, zh-Hant" in half.python(code).replace(" or ", ", ")
