"""`duban agency contact` and `test`: how a position is reached, and whether letters arrive."""

from __future__ import annotations

import pytest

from tests.tasks.post.sink import Sink
from tests.world import small_plan

CONTACT = ("agency", "contact", "city", "officer")


@pytest.fixture(autouse=True)
def _published(duban, tmp_path):
    plan = small_plan(tmp_path, {"parties": ["city"]})
    assert (
        duban(
            "plan", "publish", str(tmp_path / f"{plan.plan}.toml"), "--start-on", "2013-08-05"
        ).code
        == 0
    )


@pytest.fixture
def sink(monkeypatch):
    with Sink() as server:
        monkeypatch.setenv("DUBAN_MAIL_URL", server.url)
        monkeypatch.setenv("DUBAN_MAIL_FROM", "省外經貿廳督辦 <duban@office.example>")
        yield server


def test_addresses_and_person_are_listed(duban):
    words = ("--person", "李敏", "--telephone", "000-0000")
    said = duban(*CONTACT, "li@x.example,wang@x.example", *words, "--json")

    assert said.json == {
        "agency": "city",
        "position": "officer",
        "channel": "mail",
        "address": "li@x.example, wang@x.example",
        "person": "李敏",
        "telephone": "000-0000",
        "changed": True,
        "dry_run": False,
    }
    (city,) = [a for a in duban("agency", "list", "--json").json if a["id"] == "city"]
    assert city["contacts"] == {"officer": {"mail": "li@x.example, wang@x.example"}}
    assert city["persons"] == {"officer": {"name": "李敏", "telephone": "000-0000"}}


def test_a_person_is_named_without_an_address_and_what_is_left_out_stays(duban):
    duban(*CONTACT, "li@x.example", "--person", "李敏", "--telephone", "000-0000")
    said = duban(*CONTACT, "--person", "王芳", "--json").json

    assert (said["address"], said["person"], said["telephone"], said["changed"]) == (
        "li@x.example",
        "王芳",
        "000-0000",
        True,
    )
    assert duban(*CONTACT, "--person", "王芳").out == "city/officer: as it was\n"


def test_one_address_ends_or_all_of_them(duban):
    duban(*CONTACT, "li@x.example,wang@x.example")

    one = duban(*CONTACT, "li@x.example", "--end", "--json").json
    rest = duban(*CONTACT, "--end", "--json").json
    none = duban(*CONTACT, "--end")
    assert "city/officer has no contact;" in none.err

    assert [one["address"], rest["address"], none.code] == ["wang@x.example", "", 3]
    assert duban(*CONTACT, "zhao@x.example", "--json").json["address"] == "zhao@x.example"


def test_nothing_is_asked_of_the_command_with_nothing_given(duban):
    said = duban(*CONTACT)

    assert (said.code, "--person" in said.err) == (2, True)


def test_a_test_letter_arrives_and_stands_in_the_history(duban, sink):
    duban(*CONTACT, "li@x.example,wang@x.example")

    said = duban("agency", "test", "city", "officer")

    assert (said.code, said.out) == (
        0,
        "mail: li@x.example: accepted\nmail: wang@x.example: accepted\n",
    )
    assert [letter.recipients for letter in sink.received] == [["li@x.example"], ["wang@x.example"]]
    assert len({letter.mail["Message-ID"] for letter in sink.received}) == 2
    entries = [e for e in duban("history", "--json").json if e["deed"] == "tested"]
    assert [e["payload"]["address"] for e in entries] == ["li@x.example", "wang@x.example"]
    assert duban("notices", "--json").json == []


def test_a_refused_test_letter_says_why(duban, sink):
    duban(*CONTACT, "li@x.example")
    sink.refused["li@x.example"] = "550 no such user"

    said = duban("agency", "test", "city", "officer")

    assert (said.code, said.out.count("\n")) == (6, 1)
    assert said.out.startswith("mail: li@x.example: ")
    assert "550 no such user" in said.out


def test_there_is_no_test_letter_without_an_address(duban):
    said = duban("agency", "test", "city", "officer")

    assert (said.code, "city/officer" in said.err) == (3, True)


def test_a_dry_run_sends_nothing(duban, sink):
    duban(*CONTACT, "li@x.example")

    said = duban("agency", "test", "city", "officer", "--dry-run")

    assert (said.code, said.out, sink.received) == (0, "mail: li@x.example: would be tried\n", [])
