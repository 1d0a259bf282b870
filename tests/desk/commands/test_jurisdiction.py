"""`duban jurisdiction`, and every other command inside one of several."""

from __future__ import annotations

import json
import zipfile

import pytest

from tests.databases import ON_SQLITE
from tests.desk.conftest import duban_process, finished
from tests.world import small_plan

ADD = ("jurisdiction", "add", "town", "--name", "鎮督辦室")


@pytest.fixture
def town(duban, monkeypatch):
    """A second jurisdiction; what is run by it is run there."""
    assert duban(*ADD, "--address", "http://town.localhost:8180").code == 0

    def _town(*argv):
        with monkeypatch.context() as there:
            there.setenv("DUBAN_JURISDICTION", "town")
            return duban(*argv)

    return _town


def plan_file(folder, *, office="協調辦公室"):
    """Write a plan of this office and return its file's name."""
    folder.mkdir()
    small_plan(folder, {})
    file = folder / "small-2013.toml"
    text = file.read_text("utf-8").replace("協調辦公室", office)
    file.write_text(text, encoding="utf-8")
    return str(file)


def found(duban, check):
    findings = duban("doctor", "--json").json["findings"]
    return [each for each in findings if each["check"] == check]


def test_an_added_one_is_listed_after_the_main_one(duban, town):
    told = town("jurisdiction", "list", "--json").json

    assert [each["id"] for each in told] == ["", "town"]
    assert told[1] == {
        "id": "town",
        "name": "鎮督辦室",
        "address": "http://town.localhost:8180",
        "office": "",
        "plans": [],
        "swept_through": None,
        "problem": "",
    }
    assert "鎮督辦室" in duban("jurisdiction", "list").out


def test_a_dry_run_adds_nothing_and_refuses_what_would_be(duban):
    assert duban(*ADD, "--dry-run", "--json").json["dry_run"]
    assert len(duban("jurisdiction", "list", "--json").json) == 1
    assert duban(*ADD).code == 0
    assert duban(*ADD, "--dry-run").code == 5


@ON_SQLITE
@pytest.mark.parametrize(
    ("argv", "code", "says"),
    [
        (("jurisdiction", "add", "Town", "--name", "x"), 4, "small letters"),
        (("jurisdiction", "add", "town", "--name", "x", "--address", "town"), 4, "https://"),
        (("jurisdiction", "add", "town"), 2, "--name"),
    ],
)
def test_what_cannot_be_one_is_refused_in_a_line(duban, argv, code, says):
    said = duban(*argv)

    assert (said.code, said.err.count("\n")) == (code, 1)
    assert says in said.err


def test_what_is_done_in_one_is_nothing_in_the_others(duban, town, tmp_path):
    assert (
        town(
            "plan",
            "publish",
            plan_file(tmp_path / "town", office="鎮政府辦"),
            "--start-on",
            "2013-08-05",
        ).code
        == 0
    )
    assert (
        duban("plan", "publish", plan_file(tmp_path / "main"), "--start-on", "2013-08-05").code == 0
    )
    assert town("user", "add", "li", "--name", "李敏", "--agency", "city").code == 0

    assert [user["id"] for user in town("user", "list", "--json").json] == ["li"]
    assert duban("user", "list", "--json").json == []
    listed = duban("jurisdiction", "list", "--json").json
    assert [each["office"] for each in listed] == ["協調辦公室", "鎮政府辦"]


def test_a_plan_of_another_office_is_shown_the_way(duban, tmp_path):
    assert (
        duban("plan", "publish", plan_file(tmp_path / "main"), "--start-on", "2013-08-05").code == 0
    )

    said = duban("plan", "publish", "kindergartens-2019")

    assert (said.code, said.err.count("\n")) == (5, 1)
    assert "duban jurisdiction add" in said.err


def test_the_doctor_of_the_main_one_sees_which_other_was_not_swept(duban, town, tmp_path):
    assert [each["ok"] for each in found(duban, "jurisdiction")] == [True]
    town("plan", "publish", plan_file(tmp_path / "town"), "--start-on", "2013-08-05")
    assert [each["ok"] for each in found(duban, "jurisdiction")] == [True]
    town("sweep", "--on", "2013-08-05")

    (seen,) = found(duban, "jurisdiction")

    assert not seen["ok"]
    assert "town: last swept for 2013-08-05" in seen["detail"]
    assert found(town, "jurisdiction") == []


@ON_SQLITE
@pytest.mark.usefixtures("town")
def test_one_that_cannot_be_opened_hides_no_other(duban, home, tmp_path):
    duban("plan", "publish", plan_file(tmp_path / "main"), "--start-on", "2013-08-05")
    (home / "jurisdictions" / "town" / "duban.db").write_bytes(b"no database, and not empty" * 40)

    main, other = duban("jurisdiction", "list", "--json").json

    assert (main["office"], main["problem"]) == ("協調辦公室", "")
    assert "not a database" in other["problem"]
    assert not found(duban, "jurisdiction")[0]["ok"]


def test_the_backup_of_one_restored_into_another_leaves_the_rest(duban, town, tmp_path):
    town(
        "plan",
        "publish",
        plan_file(tmp_path / "town", office="鎮政府辦"),
        "--start-on",
        "2013-08-05",
    )
    duban("plan", "publish", plan_file(tmp_path / "main"), "--start-on", "2013-08-05")
    before = duban("history", "--json").json
    copy = tmp_path / "town.zip"
    assert town("backup", str(copy)).code == 0
    with zipfile.ZipFile(copy) as archive:
        told = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "鎮政府辦" in told
    assert "協調辦公室" not in told

    assert town("restore", str(copy)).code == 5
    assert duban("jurisdiction", "add", "village", "--name", "村").code == 0
    assert in_village(duban, "restore", str(copy)) == 0

    assert in_village(duban, "verify") == 0
    assert duban("history", "--json").json == before


def in_village(duban, *argv):
    with pytest.MonkeyPatch.context() as there:
        there.setenv("DUBAN_JURISDICTION", "village")
        return duban(*argv).code


def test_a_backup_of_the_main_one_says_whom_it_leaves_out(duban, town, tmp_path):
    assert "town" in duban("backup", str(tmp_path / "main.zip")).err
    assert town("backup", str(tmp_path / "town.zip")).err == ""


@ON_SQLITE
@pytest.mark.parametrize("command", ["up", "demo"])
def test_what_is_of_the_whole_installation_is_refused_in_one(town, command):
    said = town(command)

    assert (said.code, said.err.count("\n")) == (2, 1)
    assert "DUBAN_JURISDICTION" in said.err


@ON_SQLITE
def test_the_environment_of_a_process_chooses_the_jurisdiction(duban, home):
    assert duban(*ADD).code == 0
    at = duban_process("doctor", "--json", home=home, DUBAN_JURISDICTION="town")
    lost = duban_process("doctor", home=home, DUBAN_JURISDICTION="twon")
    there, nowhere = finished(at), finished(lost)

    findings = json.loads(there.out)["findings"]
    assert str(home / "jurisdictions" / "town") in next(
        each["detail"] for each in findings if each["check"] == "home"
    )
    assert (nowhere.code, nowhere.err.count("\n")) == (3, 1)
    assert "town" in nowhere.err


def test_a_file_that_cannot_be_read_is_named_and_the_other_offices_go_on(duban, town, home):
    file = home / "jurisdictions" / "town" / "jurisdiction.toml"
    file.write_text('name = "鎮督辦室', encoding="utf-8")
    (office,) = found(duban, "jurisdiction")
    assert not office["ok"]
    assert "jurisdictions/town/jurisdiction.toml" in office["detail"]
    assert "jurisdiction.toml" in duban("jurisdiction", "list", "--json").json[1]["problem"]
    refused = town("duties")
    assert (refused.code, refused.err.count("\n")) == (4, 1)
    assert duban("plan", "publish", "guangdong-2013", "--start-on", "2013-08-05").code == 0
