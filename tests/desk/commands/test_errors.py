"""A refusal is one line that names the mend, on stderr, with the contract's exit code."""

from __future__ import annotations

import pytest

from tests.world import small_plan

BAD_PLAN = 'plan = "bad-2013"\nissued_on = 2013-02-30\n'


def assert_refused(said, code, *words):
    assert (said.code, said.out) == (code, "")
    assert said.err.startswith("duban: ")
    assert said.err.count("\n") == 1
    for word in words:
        assert word in said.err


@pytest.mark.parametrize(
    ("command", "word"),
    [
        (("nosuch",), "nosuch"),
        (("duties", "--lihgt", "red"), "--lihgt"),
        (("duty", "show"), "--key"),
        (("duties", "--on", "2014-02-30"), "2014-02-30"),
        (("demo", "--port", "many"), "many"),
    ],
)
def test_wrong_usage_ends_with_2(command, word, duban):
    assert_refused(duban(*command), 2, word)


def test_a_setting_that_cannot_be_used_is_named_and_not_shown(duban, monkeypatch):
    monkeypatch.setenv("DUBAN_MAIL_URL", "gopher://user:hunter2@host")
    said = duban("duties")
    assert_refused(said, 2, "DUBAN_MAIL_URL")
    assert "hunter2" not in said.err


@pytest.mark.parametrize(
    "command",
    [
        ("plan", "show", "nowhere"),
        ("plan", "check", "guangdong-2013", "--source", "nowhere.txt"),
        ("replay", "nowhere"),
    ],
)
def test_what_is_not_there_ends_with_3(command, duban):
    assert_refused(duban(*command), 3, "nowhere")


@pytest.mark.usefixtures("demo_home")
@pytest.mark.parametrize(
    ("command", "word"),
    [
        (("duty", "show", "guangdong-2013/99.nothing/-/2014"), "99.nothing"),
        (("duties", "--agency", "省水產廳"), "省水產廳"),
        (("notice", "retry", "0123456789abcdef"), "0123456789abcdef"),
        (("sweep", "--plan", "nowhere-2013"), "nowhere-2013"),
        (("agency", "contact", "nobody", "officer", "a@b.example"), "nobody"),
    ],
)
def test_a_stranger_to_the_ledger_ends_with_3(command, word, duban):
    assert_refused(duban(*command), 3, word)


def test_no_plan_in_force_is_said_with_the_mend(duban):
    assert_refused(duban("sweep"), 3, "duban plan publish")


def test_a_bad_plan_ends_with_4_and_its_line(duban, tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text(BAD_PLAN, encoding="utf-8")
    assert_refused(duban("plan", "show", str(path)), 4, f"{path}:2")


def test_a_replay_that_ends_before_it_begins_ends_with_4(duban):
    command = ("replay", "guangdong-2013", "--since", "2014-01-01", "--until", "2013-12-31")
    assert_refused(duban(*command), 4, "--until")


def test_another_edition_of_a_running_plan_ends_with_5(duban, tmp_path):
    small_plan(tmp_path, {})
    path = tmp_path / "small-2013.toml"
    assert duban("plan", "publish", str(path), "--start-on", "2013-08-05").code == 0
    small_plan(tmp_path, {"title": "另一份報告"})
    assert_refused(duban("plan", "publish", str(path)), 5, "small-2013")


@pytest.mark.both
@pytest.mark.usefixtures("demo_home")
def test_a_sweep_of_a_day_gone_by_ends_with_5(duban):
    assert_refused(duban("sweep", "--on", "2013-12-31"), 5, "2013-12-31", "2014-01-24")


def test_a_demonstration_in_a_real_home_ends_with_5(duban, tmp_path):
    small_plan(tmp_path, {})
    duban("plan", "publish", str(tmp_path / "small-2013.toml"), "--start-on", "2013-08-05")
    assert_refused(duban("demo", "--no-serve"), 5)


@pytest.mark.usefixtures("demo_home")
def test_a_real_run_in_a_demonstrations_home_ends_with_5(duban):
    assert_refused(duban("up"), 5)


@pytest.mark.usefixtures("demo_home")
def test_mail_that_could_not_leave_is_a_finding_and_ends_with_6(duban, monkeypatch):
    monkeypatch.setenv("DUBAN_MAIL_URL", "smtp://127.0.0.1:9")
    duban("sweep", "--on", "2014-02-28")
    said = duban("deliver", "--on", "2014-02-28", "--json")
    assert (said.code, said.json["failed"], said.json["sent"]) == (6, 1, 0)
    assert said.json["waiting"] > 1


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-Hant", "沒有名為 nowhere 的"),
        ("zh-Hans", "没有名为 nowhere 的"),
        ("en", "No plan or file nowhere"),
    ],
)
def test_errors_speak_the_language_that_is_set(language, words, duban, monkeypatch):
    monkeypatch.setenv("DUBAN_LANG", language)
    assert_refused(duban("plan", "show", "nowhere"), 3, words)
