"""`duban assign`: a duty beside the plan, in the shape of the contract."""

from __future__ import annotations

import subprocess
import sys
from zipfile import ZipFile

import pytest

from tests.world import ISSUED, small_plan

KEY = "small-2013/adhoc.1/-/once"
AHEAD = "2090-09-30"  # commands live on the day they are given
ORDER = ("--to", "廣州市人民政府", "--due", AHEAD, "--source", "省領導批示")
AS = ("--as", "office/officer")


@pytest.fixture
def small(duban, tmp_path):
    """A small plan in force, with an officer of the office and of an agency."""
    small_plan(tmp_path, {"evidence": []})
    assert (
        duban("plan", "publish", str(tmp_path / "small-2013.toml"), "--start-on", "2013-08-05").code
        == 0
    )
    for agency in ("office", "city"):
        login = f"{agency}/officer"
        duban("user", "add", login, "--name", "經辦", "--agency", agency, "--since", f"{ISSUED}")
    return duban


def test_it_gives_the_duty_and_its_source(small):
    more = (
        "--with",
        "省外經貿廳",
        "省博物館",
        "--evidence",
        "photo",
        "--document",
        "粵府批〔2013〕7號",
    )
    said = small("assign", "報送名單", *ORDER, *more, *AS, "--json").json
    assert (said["key"], said["measure"], said["basis"]) == (KEY, "adhoc", "office")
    assert said["participants"] == ["省外經貿廳", "省博物館"]
    assert said["says"] == "省領導批示，粵府批〔2013〕7號"
    assert small("sweep").code == 0
    shown = small("duty", "show", KEY, "--json").json
    assert (shown["says"], shown["status"]) == (said["says"], "awaiting-receipt")
    assert shown["assignment"]["document"] == "粵府批〔2013〕7號"
    assert small("duty", "show", KEY).code == 0
    assert small("verify").code == 0


def test_it_stands_in_every_list(small, tmp_path):
    small("assign", "報送名單", *ORDER, *AS)
    small("sweep")
    assert [d["key"] for d in small("duties", "--measure", "adhoc", "--json").json] == [KEY]
    for form in ("json", "csv", "xlsx"):
        out = tmp_path / f"list.{form}"
        assert small("export", "ledger", "--format", form, "--out", f"{out}").code == 0
        assert form == "xlsx" or "省領導批示" in out.read_text("utf-8-sig")


def test_its_pack_is_verified_without_duban(small, tmp_path):
    small("assign", "報送名單", *ORDER, *AS)
    small("sweep")
    pack = tmp_path / "duty.zip"
    assert small("pack", KEY, f"{pack}").code == 0
    assert small("verify", f"{pack}").code == 0
    with ZipFile(pack) as archive:
        archive.extractall(tmp_path / "pack")
    alone = [sys.executable, "-I", "verify.py", "."]
    assert subprocess.run(alone, cwd=tmp_path / "pack", check=False).returncode == 0


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ((*ORDER, "--as", "city/officer"), 5),
        (("--to", "海關", *ORDER[2:], *AS), 3),
        ((*ORDER[:4], *AS), 5),
        ((*ORDER, "--evidence", "stamp", *AS), 2),
        ((*ORDER, "--meeting", "small-2013/1.none/-/once", *AS), 3),
    ],
    ids=["not the office", "no agency", "no source", "no label", "no meeting"],
)
def test_an_order_that_does_not_hold_is_refused(small, order, code):
    said = small("assign", "報送名單", *order)
    assert (said.code, said.err.count("\n")) == (code, 1)


def test_a_dry_run_leaves_no_trace(small):
    assert small("assign", "報送名單", *ORDER, *AS, "--dry-run").code == 0
    assert small("duties", "--measure", "adhoc", "--json").json == []
