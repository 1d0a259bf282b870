"""A deed is declared once: declaration, function and words, and page, command and API offer it."""

from __future__ import annotations

import shutil

import pytest

from tests.house.conftest import FLOORS, ROOT

MOST = 8  # files that a new deed touches, words and tests included
LAST = '    "release-slip": Deed('

DECLARED = """    "commend": Deed(
        "commended",
        who=OFFICE,
        on=RUNNING | REVIEW,
        fields=(TEXT, Field("since", "date", required=False)),
        rules=(DECIDES,),
        tells="know",
        command="commend",
        help="Commend those who do a duty.",
    ),
"""

FUNCTION = '''"""Commend those who do a duty (表揚)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.deeds.frame import open_deed
from tasks.deeds.registry import does

if TYPE_CHECKING:
    import datetime as dt

    from ledger.session import Ledger
    from tasks.act import Act


@does("commend")
def commend(
    ledger: Ledger, key: str, act: Act, *, text: str, since: dt.date | None = None
) -> None:
    """Commend the performer and the lead; nothing else changes."""
    with open_deed(ledger, "commend", key, act, text=text, since=since) as deed:
        event = f"commended:{deed.nth('commended')}"
        deed.record({}, *deed.notify(event, ["performer", "lead"]))
'''

WORDS = """
[commend]
do = "Commend"
how = "Those who do it are told."
text = "Words of praise"
since = "Since"
"""

ROW = '    ("commend", {"office"}, RUNNING | REVIEW),\n'
ROW_BEFORE = '    ("resume", {"office"}, SUSPENDED),\n'

LIFE = """
import datetime as dt
import re
from pathlib import Path
from starlette.testclient import TestClient
from desk.access import signin
from desk.cli import run
from desk.access import tokens
from desk.app import create_app
from ledger.proof import chain
from ledger.offices.installation import load_settings
from tasks.clock import now_utc
from tasks.people import users

KEY = "harbour/1.drill/-/once"
today = now_utc().date()
plan = Path("harbour.toml")
plan.write_text(f'''
plan = "harbour"
title = "Harbour plan"
issued_on = {today}
starts_on = {today}
ends_on = {today + dt.timedelta(90)}
office = "harbour-office"

[[agency]]
id = "harbour-office"
name = "Harbour office"
kind = "office"

[[agency]]
id = "pilots"
name = "Pilots"
kind = "department"

[[measure]]
number = "1"
chapter = "Ships"
section = "Safety"
title = "Hold a drill"
lead = "pilots"

[[measure.obligation]]
id = "drill"
kind = "milestone"
title = "A drill"
says = "one drill"
basis = "plan"
due_on = {today + dt.timedelta(60)}
''')
assert run(["plan", "publish", str(plan), "--start-on", "2013-08-05"]) == run(["sweep"]) == 0
app = create_app(load_settings(), clock=now_utc)
ledger = app.state.desk.ledger
officer = users.Newcomer("chen", "Chen", "harbour-office")
users.add(ledger, [officer], since=today, at=now_utc(), actor="office")
with ledger.transaction() as tx:
    session = signin.begin(tx, "chen", at=now_utc(), proved=True)
token = tokens.issue_own(ledger, "chen", on=today, at=now_utc())

here = "http://127.0.0.1:8180"
browser = TestClient(app, base_url=here, headers={"Origin": here, "Accept-Language": "en"})
browser.cookies.set("duban", session)
page = browser.get(f"/duty/{KEY}")
assert f"/duty/{KEY}/do/commend" in page.text, (page.status_code, KEY)
form = browser.get(f"/duty/{KEY}/do/commend").text
assert "Words of praise" in form and 'name="since"' in form
shown = re.search(r'name="token" value="([0-9a-f]{64})"', form)[1]
lacking = browser.post(f"/duty/{KEY}/do/commend", data={"token": shown})
assert lacking.status_code == 422 and 'id="text-wrong"' in lacking.text
receipt = browser.post(f"/duty/{KEY}/do/commend", data={"token": shown, "text": "By page"})
assert "/receipt/" in str(receipt.url) and "Commended" in receipt.text

assert run(["commend", KEY, "--as", "chen", "--text", "By command", "--since", str(today)]) == 0
assert run(["commend", KEY, "--as", "chen"]) == 2

system = TestClient(app, base_url=here, headers={"Authorization": f"Bearer {token}"})
assert system.post(f"/api/duties/{KEY}/do/commend", json={"text": "By API"}).status_code == 200
described = system.get("/api/openapi.json").text
assert '"title":"commend"' in described.replace(" ", "")

with ledger.read() as conn:
    entries = [e for e in chain.entries(conn, subject=KEY) if e.deed == "commended"]
assert [e.payload["text"] for e in entries] == ["By page", "By command", "By API"]
assert run(["verify"]) == 0
"""


@pytest.fixture
def with_tests(house):
    """The copy with its tests and the documents they read."""
    for folder in ("tests", "docs"):
        shutil.copytree(ROOT / folder, house.root / folder)
    return house


def commend(house) -> None:
    """Add the deed to the copy."""
    house.replace("catalog/duties/deeds.py", LAST, DECLARED + LAST)
    house.write("tasks/deeds/commending.py", FUNCTION)
    for file in house.root.glob("catalog/wording/*/*/deeds.toml"):
        words = file.read_text(encoding="utf-8") + WORDS
        for table, text in (("entry", "Commended"), ("letter", "The office commends you.")):
            words = words.replace(f"[{table}]\n", f'[{table}]\ncommended = "{text}"\n')
        file.write_text(words, encoding="utf-8")
    house.replace("docs/commands.md", "| `duban urge`, ", "| `duban commend`, `urge`, ")
    row = "| `duban urge` | `/duty/{plan}/{obligation}/{party}/{period}/do/{deed}` |"
    house.replace("docs/commands.md", row, f"{row}\n{row.replace('urge', 'commend')}")
    house.replace("tests/catalog/duties/test_refusal.py", ROW_BEFORE, ROW + ROW_BEFORE)


def touched(house) -> list[str]:
    """Return the files of the copy that the repository has not, or has otherwise."""
    files = (f.relative_to(house.root) for f in house.root.rglob("*") if f.is_file())
    return [
        str(file)
        for file in files
        if "__pycache__" not in file.parts
        and not ((ROOT / file).is_file()
                 and (ROOT / file).read_bytes() == (house.root / file).read_bytes())
    ]  # fmt: skip


def test_a_declared_deed_is_done_from_page_command_and_system(with_tests):
    commend(with_tests)
    files = touched(with_tests)
    assert len(files) + 1 <= MOST, files  # and a test of what it does
    assert sum(file.startswith(tuple(FLOORS)) for file in files) == 5

    with_tests.python(LIFE)


def test_the_lists_of_the_tests_are_content_with_it(with_tests):
    commend(with_tests)
    lists = (
        "tests/catalog/duties/test_refusal.py",
        "tests/catalog/wording",
        "tests/desk/test_readme.py::test_every_command_stands_in_the_reference",
        "tests/stories/test_any_order.py::test_the_machine_knows_every_deed_of_the_table",
    )
    options = ["-q", "-n", "0", "-p", "no:cacheprovider", *lists]
    with_tests.python(f"import pytest, sys; sys.exit(pytest.main({options!r}))")
