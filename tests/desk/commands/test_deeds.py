"""The deeds by command: named by who does them, refused with the rule, tried without a trace."""

from __future__ import annotations

import pytest

from desk.cli import COMMANDS
from tests.databases import rows
from tests.world import ISSUED, small_plan

KEY = "small-2013/1.report/-/once"
MEETING = "small-2013/1.meeting/-/2013"
DEEDS = {name for name, (target, _) in COMMANDS.items() if target.startswith("deeds:")}


@pytest.fixture
def small(duban, tmp_path):
    """A small plan in force, its duties open, with an officer of each agency."""
    report = {"evidence": []}
    meeting = {"id": "meeting", "recurrence": "yearly", "quota": {"min": 2}, "evidence": []}
    small_plan(tmp_path, report, meeting)
    assert (
        duban("plan", "publish", str(tmp_path / "small-2013.toml"), "--start-on", "2013-08-05").code
        == 0
    )
    for agency in ("office", "trade", "city"):
        login = f"{agency}/officer"
        said = duban(
            "user", "add", login, "--name", "經辦", "--agency", agency, "--since", f"{ISSUED}"
        )
        assert said.code == 0
    assert duban("sweep").code == 0
    return duban


def as_(agency):
    return ("--as", f"{agency}/officer", "--json")


def test_every_deed_of_the_contract_has_its_command():
    contract = "acknowledge progress deliver-item file return accept close extend suspend resume"
    assert set(f"{contract} waive reassign problem refuse comment urge".split()) <= DEEDS


def test_a_whole_life(small):
    later = ("--to", "2099-12-31", "--reason", "需徵求意見")
    life = [
        ("acknowledge", MEETING, *as_("trade")),
        ("progress", MEETING, "--text", "籌備中", *as_("trade")),
        ("problem", MEETING, "--text", "缺場地", *as_("trade")),
        ("problem", MEETING, "--answer", "1", "--text", "已協調", *as_("office")),
        ("extend", MEETING, *later, *as_("trade")),
        ("extend", MEETING, "--grant", "--document", "粵府函〔2015〕9號", *as_("office")),
        ("suspend", MEETING, "--reason", "待定", *as_("office")),
        ("resume", MEETING, *as_("office")),
        (
            "deliver-item",
            MEETING,
            "--title",
            "第一次會議",
            "--held-on",
            "2013-09-01",
            *as_("trade"),
        ),
        ("file", MEETING, "--summary", "已完成", *as_("trade")),
        ("return", MEETING, "--reason", "缺附件", *as_("office")),
        ("file", MEETING, "--summary", "已補充", *as_("trade")),
        ("comment", MEETING, "--text", "同意", *as_("office")),
        ("close", MEETING, *as_("office")),
    ]
    for command in life:
        said = small(*command)
        assert said.code == 0, said.err
    shown = small("duty", "show", MEETING, "--json").json
    assert (shown["status"], shown["shortfall"]) == ("closed-on-time", 1)
    assert [s["number"] for s in shown["submissions"]] == [1, 2]
    assert [d["version"] for d in shown["due_dates"]] == [1, 2]
    assert shown["history"][-1]["deed"] == "closed"
    assert shown["self_supervised"] is True
    assert small("verify", "--json").json["ok"] is True


def test_a_filing_states_the_day_of_doing(small):
    early = small("file", KEY, "--summary", "已完成", "--done-on", "2013-08-04", *as_("trade"))
    assert (early.code, "2013-08-04" in early.err, "2013-08-05" in early.err) == (5, True, True)
    done = ("--done-on", "2013-09-01")
    assert small("file", KEY, "--summary", "已完成", *done, *as_("trade")).code == 0
    closed = small("close", KEY, *as_("office"))
    assert closed.json["status"] == "closed-on-time"
    shown = small("duty", "show", KEY, "--json").json
    assert shown["done_on"] == shown["submissions"][0]["done_on"] == "2013-09-01"


def test_a_waiver_and_a_hand_over(small):
    to = ("--to", "city", "--reason", "職責調整")
    assert small("reassign", KEY, *to, *as_("office")).json["performer"] == "廣州市人民政府"
    document = ("--reason", "另有安排", "--document", "粵府〔2013〕1號")
    assert small("waive", KEY, *document, *as_("office")).json["status"] == "waived"


def test_a_refused_deed_ends_with_5_and_says_why(small):
    said = small("close", KEY, "--as", "trade/officer")
    assert (said.code, said.out) == (5, "")
    assert said.err == (
        f"duban: close {KEY}: only the coordinating office may; trade/officer is not of it.\n"
    )


def test_a_deed_must_say_who_does_it(small):
    assert small("acknowledge", KEY).code == 2


@pytest.mark.parametrize("options", [(), ("--grant", "--refuse")])
def test_an_extension_is_asked_for_granted_or_refused(options, small):
    assert small("extend", KEY, *options, *as_("office")).code == 2


def test_a_dry_run_says_how_it_would_stand_and_keeps_nothing(small, home, database):
    def kept():
        with database.connect(home) as conn:
            return rows(conn)

    before = kept()
    said = small("file", KEY, "--summary", "已完成", "--dry-run", *as_("trade"))
    assert (said.json["status"], said.json["dry_run"]) == ("under-review", True)
    assert kept() == before


def test_a_substitute_is_named_shown_and_taken_back(small):
    pair = ("trade/officer", "city/officer")
    assert small("delegate", *pair, "--until", "2099-12-31", *as_("trade")).code == 0
    (user,) = small("user", "list", "--agency", "trade", "--json").json
    assert user["substitutes"][0]["user"] == "city/officer"
    assert small("acknowledge", KEY, *as_("city")).code == 0
    assert small("delegate", *pair, "--end", *as_("trade")).code == 0
    assert small("progress", KEY, "--text", "x", *as_("city")).code == 5


def test_a_disabled_login_acts_no_more(small):
    assert small("user", "disable", "trade/officer").code == 0
    assert small("acknowledge", KEY, *as_("trade")).code == 5
