"""A database older than its home takes no write from anywhere, and its pages say why."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from desk.access import tokens
from ledger.proof import anchors
from ledger.proof.verify import Anchor
from ledger.store.migrate import current, newest
from tests.databases import ON_SQLITE, rows
from tests.lived import UNTIL

pytestmark = ON_SQLITE  # tests/tasks/proof/test_accepting.py refuses on both
RELEASED = Path(__file__).parents[2] / "upgrades" / "home-0.1.0.tar.xz"
KEY = "guangdong-2013/40.meeting/-/2014"
AHEAD = Anchor(UNTIL, 1_000_000, "a" * 64)  # what a home knows whose database is an old copy
WRITERS = [
    ("sweep",),
    ("deliver",),
    ("sweep", "--dry-run"),
    ("acknowledge", KEY, "--as", "wjmt/officer"),
    ("urge", KEY, "--text", "請抓緊", "--as", "office/officer"),
    ("agency", "contact", "zhaoqing", "officer", "new@demo.invalid"),
    ("user", "add", "new", "--name", "新人", "--agency", "office"),
    ("plan", "publish", "guangdong-2013", "--start-on", "2013-08-05"),
    ("clock", "--days", "1"),
    ("comment", KEY, "--text", "看", "--as", "wjmt/officer"),
]


@pytest.fixture
def old_home(demo_home):
    anchors.append(demo_home, AHEAD)
    return demo_home


@pytest.mark.usefixtures("old_home")
@pytest.mark.parametrize("command", WRITERS, ids=" ".join)
def test_every_command_that_writes_refuses_in_one_line_with_the_remedy(command, duban):
    said = duban(*command)
    assert (said.code, said.out, said.err.count("\n")) == (5, "", 1)
    assert "older than its home" in said.err
    assert "duban anchors accept" in said.err


def test_an_empty_database_in_a_home_with_anchors_starts_no_second_history(old_home, duban):
    (old_home / "duban.db").unlink()
    said = duban("plan", "publish", "guangdong-2013", "--start-on", "2013-08-05")
    assert (said.code, "older than its home" in said.err) == (5, True)


def test_the_list_and_the_doctor_name_it_and_a_decision_ends_it(old_home, duban):
    listed = duban("anchors", "list", "--json")
    assert (listed.code, listed.json[-1]["state"]) == (6, "contradicted")
    assert "duban anchors accept" in duban("doctor").out
    tried = duban("anchors", "accept", "--reason", "誤拷", "--dry-run", "--json")
    assert (tried.code, tried.json["contradicted"], tried.json["dry_run"]) == (0, 1, True)
    assert duban("anchors", "list").code == 6
    assert duban("anchors", "accept", "--reason", "誤拷").code == 0
    assert (duban("verify").code, duban("anchors", "list").code) == (0, 0)
    assert duban("anchors", "accept", "--reason", "誤拷").code == 5
    assert old_home.joinpath("anchors-set-aside.jsonl").read_text().count("\n") == 1


@pytest.mark.usefixtures("installed")
def test_an_upgrade_refuses_like_every_writer_and_the_decision_upgrades_too(home, duban, database):
    with tarfile.open(RELEASED) as archive:
        archive.extractall(home, filter="data")
    anchors.append(home, AHEAD)
    with database.connect(home) as conn:
        before = current(conn)
    for command in [("upgrade",), ("upgrade", "--check")]:
        said = duban(*command)
        assert (said.code, said.out, "duban anchors accept" in said.err) == (5, "", True)
    with database.connect(home) as conn:
        assert current(conn) == before != newest()
    assert duban("anchors", "accept", "--reason", "誤拷").code == 0
    assert (duban("verify").code, duban("upgrade").code, duban("sweep").code) == (0, 0, 0)


def test_pages_api_and_sign_in_refuse_to_write_and_say_why(desk_ledger, signed_in, browser):
    chen = signed_in("chen")
    with desk_ledger.transaction() as tx:
        token = tokens.issue(tx, "chen", "api", on=UNTIL)
    anchors.append(desk_ledger.settings.home, AHEAD)
    with desk_ledger.read() as conn:
        before = rows(conn)
    by_token = {"headers": {"Authorization": f"Bearer {token}"}}
    answers = [
        chen.post_form(f"/duty/{KEY}/do/urge", shown_on=f"/duty/{KEY}", text="請抓緊"),
        browser.post("/sign-in", data={"user": "chen", "password": "x"}),
        browser.post(f"/api/duties/{KEY}/do/urge", json={"text": "請抓緊"}, **by_token),
    ]
    assert [answer.status_code for answer in answers] == [503, 503, 503]
    for answer in answers:
        assert "存證的記錄" in answer.text
    with desk_ledger.read() as conn:
        assert rows(conn) == before
    page = chen.get("/account")
    assert (page.status_code, "存證的記錄" in page.text) == (200, True)
