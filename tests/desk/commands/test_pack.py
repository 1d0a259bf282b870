"""`duban pack` proves a part of the record to whoever has a Python, and tells nothing else."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from ledger.proof import verify

COACHING = "guangdong-2013/35.coaching/zhaoqing/2013"
PLANTED = "肇慶獨有之語"
PLAN = "guangdong-2013"

pytestmark = pytest.mark.usefixtures("spoken")


@pytest.fixture
def spoken(demo_home, duban) -> Path:
    """A demonstration in which Zhaoqing has said something under its own duty."""
    said = duban("progress", COACHING, "--as", "zhaoqing/officer", "--text", PLANTED)
    assert said.code == 0, said.err
    return demo_home


@pytest.fixture
def packed(duban, tmp_path):
    def _packed(of: str, *more: str, name: str = "pack.zip") -> Path:
        said = duban("pack", of, str(tmp_path / name), *more)
        assert said.code == 0, said.err
        return tmp_path / name

    return _packed


def text_of(file: Path) -> str:
    with zipfile.ZipFile(file) as archive:
        return "".join(archive.read(n).decode("utf-8", "replace") for n in archive.namelist())


def bare(*argv: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", *map(str, argv)]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


def edited(pack: Path, folder: Path, name: str, old: str, new: str) -> Path:
    """Unpack it and change one of its files."""
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(folder)
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize("of", [PLAN, "zhaoqing", "肇慶市人民政府", COACHING])
def test_a_pack_is_verified_by_duban_and_by_its_own_script_as_zip_and_unpacked(
    duban, packed, tmp_path, of
):
    pack = packed(of)
    verdict = duban("verify", str(pack), "--json")
    assert (verdict.code, verdict.json["ok"], verdict.json["faults"]) == (0, True, [])

    with zipfile.ZipFile(pack) as archive:
        archive.extractall(tmp_path / "unpacked")
    alone = bare("verify.py", "--json", cwd=tmp_path / "unpacked")
    assert json.loads(alone.stdout) == verdict.json
    assert bare(tmp_path / "unpacked" / "verify.py", pack).returncode == 0


def test_the_same_state_gives_the_same_bytes(packed):
    first, second = packed(COACHING, name="1.zip"), packed(COACHING, name="2.zip")
    assert first.read_bytes() == second.read_bytes()


def test_a_pack_brings_what_it_names(packed):
    with zipfile.ZipFile(packed(PLAN)) as archive:
        names = set(archive.namelist())
        manifest = json.loads(archive.read("manifest.json"))
    assert {"summary.html", "verify.py", "history.jsonl", "anchors.jsonl"} <= names
    assert f"editions/{PLAN}-1.json" in names
    assert any(name.startswith("workdays/CN-") for name in names)
    assert any(name.startswith("evidence/") for name in names)
    assert manifest["whole"] == manifest["entries"] > 1000
    assert (manifest["duban"], manifest["demo"]) == (version("duban"), True)


def test_the_entries_about_other_matters_are_sealed(packed):
    lines = [json.loads(line) for line in _history(packed(COACHING))]
    told = {line["subject"] for line in lines if "subject" in line}
    assert {COACHING, PLAN} <= told
    assert not any("/" in subject for subject in told - {COACHING})
    assert {tuple(line) for line in lines if "subject" not in line} == {("body", "hash", "seq")}


def _history(pack: Path) -> list[str]:
    with zipfile.ZipFile(pack) as archive:
        return archive.read("history.jsonl").decode().splitlines()


def test_what_one_agency_says_is_in_no_pack_of_another(packed):
    assert PLANTED in text_of(packed("zhaoqing", "--as", "zhaoqing/officer"))
    assert PLANTED not in text_of(packed("dongguan", "--as", "dongguan/officer", name="2.zip"))


@pytest.mark.parametrize("of", [COACHING, "zhaoqing", PLAN, "nothing/of/this/kind"])
def test_an_agency_is_told_no_more_of_anothers_than_of_nothing(duban, tmp_path, of):
    said = duban("pack", of, str(tmp_path / "pack.zip"), "--as", "dongguan/officer")
    assert said.code == 3
    assert "There is no plan, agency or duty" in said.err
    assert not (tmp_path / "pack.zip").exists()


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        (("history.jsonl", PLANTED, "別的話"), "altered"),
        (("history.jsonl", '{"body":"', '{"body":"0'), "unlinked"),
        (("summary.html", PLANTED, "別的話"), "changed: summary.html"),
        ((f"editions/{PLAN}-1.json", "轉型升級", "轉型"), "changed: editions"),
        (("manifest.json", '"entries":', '"entries":1'), "cut: manifest.json"),
    ],
)
def test_a_pack_that_was_changed_is_found_and_the_first_bad_entry_named(
    duban, packed, tmp_path, changed, what
):
    pack = packed(COACHING)
    seq = next((json.loads(line)["seq"] for line in _history(pack) if changed[1] in line), None)
    folder = edited(pack, tmp_path / "unpacked", *changed)
    verdict = duban("verify", str(folder), "--json")
    alone = bare(folder / "verify.py", "--json")
    assert (verdict.code, alone.returncode) == (6, 6)
    assert json.loads(alone.stdout) == verdict.json
    first = verdict.json["faults"][0]
    assert first["what"].startswith(what)
    if changed[0] == "history.jsonl":
        assert first["seq"] == seq


def test_evidence_that_was_changed_is_named_with_its_entry(duban, packed, tmp_path):
    pack = packed(PLAN)
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(tmp_path / "unpacked")
    changed = min((tmp_path / "unpacked" / "evidence").iterdir())
    changed.write_bytes(b"another")
    faults = duban("verify", str(tmp_path / "unpacked"), "--json").json["faults"]
    by_entry = [fault for fault in faults if fault["seq"]]
    assert by_entry
    assert by_entry[0]["what"].startswith("changed: evidence ")


def test_an_anchor_from_elsewhere_binds_the_pack(duban, packed):
    pack = str(packed(PLAN))
    head = duban("verify", pack, "--json").json["head"]
    entries = duban("verify", pack, "--json").json["entries"]
    assert duban("verify", pack, "--anchor", f"{entries}:{head}").code == 0
    assert duban("verify", pack, "--anchor", f"{entries}:{'0' * 64}").code == 6
    assert duban("verify", "--anchor", f"{entries}:{'0' * 64}").code == 6
    assert duban("verify", pack, "--anchor", "nonsense").code == 2


def test_what_is_no_pack_is_refused(duban, tmp_path):
    (tmp_path / "letter.txt").write_text("no zip", encoding="utf-8")
    assert duban("verify", str(tmp_path / "letter.txt")).code == 4
    assert duban("verify", str(tmp_path)).code == 4
    assert duban("verify", str(tmp_path / "absent.zip")).code == 3


def test_a_file_that_is_there_is_left_alone(duban, tmp_path):
    (tmp_path / "pack.zip").write_text("mine", encoding="utf-8")
    said = duban("pack", PLAN, str(tmp_path / "pack.zip"))
    assert said.code == 5
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["pack.zip"]


def test_the_script_is_python_3_8_and_imports_nothing_but_its_library():
    tree = ast.parse(Path(verify.__file__).read_text(encoding="utf-8"), feature_version=(3, 8))
    imported = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names
