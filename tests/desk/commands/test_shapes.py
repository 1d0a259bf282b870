"""Scripts rely on these names: every `--json` has exactly the keys of the contract."""

from __future__ import annotations

import json
from datetime import date

import pytest

DUTY = {
    "key", "plan", "measure", "obligation", "kind", "title", "period", "lead", "performer",
    "participants", "opens_on", "due_on", "due_version", "quota_min", "quota_max", "delivered",
    "basis", "status", "light", "provisional", "covers_from", "covers_until",
}  # fmt: skip
MEETING = "guangdong-2013/40.meeting/-/2013"


def keys(rows):
    """Return the keys that every row has, which must be the same ones."""
    (found,) = {frozenset(row) for row in rows}
    return set(found)


def test_plan_show_tells_the_whole_plan(duban):
    plan = duban("plan", "show", "guangdong-2013", "--json").json
    assert set(plan) == {
        "plan", "title", "issued_on", "starts_on", "ends_on", "edition", "office", "agencies",
        "measures",
    }  # fmt: skip
    assert plan["office"] == "省外經貿廳"
    assert keys(plan["agencies"]) == {"id", "name", "aliases", "kind"}
    assert [m["number"] for m in plan["measures"]] == [*map(str, range(1, 43)), "S1", "S2", "S3"]


def test_plan_show_tells_each_measure_in_the_contracts_words(duban):
    measures = duban("plan", "show", "guangdong-2013", "--json").json["measures"]
    assert keys(measures) == {
        "number", "chapter", "title", "lead", "participants", "obligations", "targets",
    }  # fmt: skip
    obligations = [o for m in measures for o in m["obligations"]]
    assert keys(set(o) - {"agenda"} for o in obligations) == {
        "id", "kind", "title", "says", "basis", "recurrence", "quota", "parties", "due_on", "opens",
        "due", "first_part", "after", "reason",
    }  # fmt: skip
    targets = [t for m in measures for t in m["targets"]]
    assert keys(targets) == {"indicator", "value", "unit", "by", "baseline"}
    assert keys(t["baseline"] for t in targets if t["baseline"]) == {"value", "on"}


def test_plan_list_names_the_plans_of_the_catalogue(duban):
    plans = duban("plan", "list", "--json").json
    assert [(plan["plan"], plan["measures"], plan["issued_on"]) for plan in plans] == [
        ("guangdong-2013", 45, "2013-08-05"),
        ("kindergartens-2019", 9, "2019-01-09"),
    ]


@pytest.mark.usefixtures("demo_home")
def test_duties_have_the_contracts_keys_and_plain_values(duban):
    duties = duban("duties", "--json").json
    assert keys(duties) == DUTY
    (meeting,) = [d for d in duties if d["key"] == MEETING]
    assert (meeting["lead"], meeting["participants"]) == ("省外經貿廳", ["省港澳辦"])
    assert (meeting["opens_on"], meeting["due_on"]) == ("2013-08-05", "2013-11-30")
    assert (meeting["quota_min"], meeting["quota_max"], meeting["due_version"]) == (1, 2, 1)
    assert {d["light"] for d in duties} <= {"red", "amber", "green", "none"}


@pytest.mark.usefixtures("demo_home")
@pytest.mark.parametrize(
    ("option", "value", "key", "found"),
    [
        ("--measure", "40", "measure", "40"),
        ("--light", "red", "light", "red"),
        ("--status", "overdue", "status", "overdue"),
        ("--agency", "肇慶市人民政府", "performer", "肇慶市人民政府"),
        ("--agency", "zhaoqing", "performer", "肇慶市人民政府"),
        ("--agency", "肇庆市人民政府", "performer", "肇慶市人民政府"),
    ],
)
def test_duties_can_be_chosen(option, value, key, found, duban):
    duties = duban("duties", option, value, "--json").json
    assert {duty[key] for duty in duties} == {found}


@pytest.mark.usefixtures("demo_home")
def test_duties_stand_as_they_do_on_the_day_asked_for(duban):
    def light(on):
        rows = duban("duties", "--measure", "40", "--on", on, "--json").json
        return next(row["light"] for row in rows if row["key"].endswith("/2015"))

    assert (light("2014-12-31"), light("2015-11-20"), light("2015-12-01")) == (
        "none",
        "amber",
        "red",
    )


@pytest.mark.usefixtures("demo_home")
def test_a_duty_is_shown_with_all_that_happened_to_it(duban):
    duty = duban("duty", "show", MEETING, "--json").json
    assert set(duty) >= DUTY | {"says", "opened_on", "acknowledged_on", "notices", "history"}
    assert duty["says"] == "每年召開1-2次"
    assert [entry["deed"] for entry in duty["history"]][:3] == ["scheduled", "opened", "reminded"]


def test_replay_has_the_contracts_keys(duban):
    told = duban("replay", "guangdong-2013", "--until", "2013-10-08", "--json").json
    assert set(told) == {
        "plan", "since", "until", "duties", "notices", "load", "words", "without_words",
    }  # fmt: skip
    assert (told["since"], told["until"]) == ("2013-08-05", "2013-10-08")
    assert keys(told["duties"]) == DUTY
    assert keys(told["notices"]) >= {
        "on", "rung", "key", "to", "channel", "form", "subject", "message", "coalesced",
    }  # fmt: skip
    assert keys(told["load"]) == {"month", "agency", "messages"}
    assert keys(told["words"]) == {"key", "quarter", "words"}


def test_replay_prints_the_same_bytes_each_time(duban):
    command = ("replay", "guangdong-2013", "--until", "2013-10-08", "--json")
    assert duban(*command).out == duban(*command).out


def test_the_demo_says_what_the_contract_promises(lived):
    home, said = lived
    assert said.code == 0
    told = said.json
    assert set(told) == {
        "plan", "until", "duties", "opened", "closed", "late", "messages", "slips", "history",
        "home", "database", "seconds",
    }  # fmt: skip
    assert set(told["history"]) == {"entries", "head"}
    assert (told["plan"], told["until"], told["home"]) == (
        "guangdong-2013",
        "2014-01-24",
        str(home),
    )
    assert told["opened"] > 100
    assert told["closed"] > 10
    assert told["late"] > 0
    assert told["slips"] > 0
    assert told["messages"] == len(list((home / "outbox").rglob("*.eml")))


@pytest.mark.usefixtures("demo_home")
def test_history_and_verify_have_the_contracts_keys(duban):
    entries = duban("history", "--json").json
    assert keys(entries) == {"seq", "at", "actor", "deed", "subject", "payload", "prev", "hash"}
    assert [e["seq"] for e in entries] == [*range(1, len(entries) + 1)]
    verdict = duban("verify", "--json").json
    assert set(verdict) == {"entries", "head", "anchors", "ok", "faults"}
    assert (verdict["entries"], verdict["head"]) == (len(entries), entries[-1]["hash"])
    assert (verdict["ok"], verdict["faults"]) == (True, [])


@pytest.mark.usefixtures("demo_home")
def test_history_of_one_duty_up_to_a_day(duban):
    entries = duban("history", MEETING, "--as-of", "2013-08-05", "--json").json
    assert {e["subject"] for e in entries} == {MEETING}
    assert {date.fromisoformat(e["at"][:10]) for e in entries} == {date(2013, 8, 5)}


@pytest.mark.usefixtures("demo_home")
def test_sweep_and_deliver_say_what_they_did(duban):
    swept = duban("sweep", "--on", "2014-01-27", "--json").json
    assert set(swept) == {
        "plan", "on", "scheduled", "opened", "reminded", "escalated", "coalesced", "drafted",
        "held", "left", "wrong",
    }  # fmt: skip
    delivered = duban("deliver", "--on", "2014-01-27", "--json").json
    assert set(delivered) == {
        "on", "sent", "superseded", "dead", "failed", "put_back", "waiting", "bounced",
    }  # fmt: skip
    assert delivered["dead"] == delivered["waiting"] == 0


@pytest.mark.usefixtures("demo_home")
def test_notices_say_what_became_of_each(duban):
    notices = duban("notices", "--duty", MEETING, "--json").json
    assert keys(notices) >= {"id", "on", "rung", "key", "to", "channel", "form", "message", "state"}
    drafts = duban("notices", "--state", "draft", "--json").json
    assert {n["form"] for n in drafts} == {"slip"}


@pytest.mark.usefixtures("demo_home")
def test_json_is_readable_chinese_on_one_document(duban):
    said = duban("duties", "--measure", "40", "--json")
    assert "省外經貿廳" in said.out
    assert json.loads(said.out)
