"""`duban plan draft` writes a plan's file with its open questions, and says how right it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from catalog.plans.load import load_plan

CORPUS = Path(__file__).parents[2] / "catalog" / "reading" / "corpus"
AGENCIES = str(CORPUS / "agencies.toml")


def draft(duban, name, *more):
    return duban("plan", "draft", str(CORPUS / name), "--agencies", AGENCIES, *more)


def test_a_document_without_doubts_becomes_a_plan_at_once(duban, tmp_path):
    out = tmp_path / "plan.toml"
    text = (CORPUS / "division.html").read_text(encoding="utf-8")
    (tmp_path / "city.html").write_text(text, encoding="gb18030")
    path = str(tmp_path / "city.html")
    assert duban("plan", "draft", path, "--agencies", AGENCIES, "--out", str(out)).code == 0
    assert load_plan(out).measure("3").lead == "housing"


def test_open_questions_stand_in_the_draft_and_end_with_6(duban):
    said = draft(duban, "headings.txt")
    assert said.code == 6
    assert 'phrase = "近期"' in said.out
    assert duban("plan", "check", str(CORPUS / "agencies.toml")).code == 4


def test_the_draft_for_scripts_has_its_questions_with_their_lines(duban):
    made = json.loads(draft(duban, "headings.txt", "--json").out)
    assert (9, "2024年前") in [(q["line"], q["phrase"]) for q in made["questions"]]


def test_precision_and_recall_are_printed_for_a_sample_with_its_answer(duban):
    answer = str(CORPUS / "three-years.toml")
    rows = json.loads(draft(duban, "three-years.txt", "--against", answer, "--json").out)
    dates = next(row for row in rows if row["what"] == "dates")
    assert (dates["precision"], dates["recall"]) == (1.0, 1.0)
    assert "dates and quotas" in draft(duban, "three-years.txt", "--against", answer).out


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("none.txt", None, 3),
        ("empty.txt", b"", 4),
        ("broken.docx", b"PK\x03\x04 broken", 4),
        ("noise.bin", bytes(range(128, 256)) * 50, 4),
        ("plain.txt", "没有编号的一段话。".encode(), 4),
        ("large.txt", "1.召开会议。\n".encode() * 60_000, 4),
    ],
)
def test_what_cannot_be_drafted_is_one_line_that_names_the_file(duban, tmp_path, name, data, code):
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    said = duban("plan", "draft", str(path))
    assert said.code == code
    assert said.err.strip().count("\n") <= 1
    assert name in said.err
    assert "defect" not in said.err


def test_without_agencies_every_name_is_asked_and_a_register_to_check_lies_beside(duban, tmp_path):
    out = tmp_path / "city.toml"
    said = duban("plan", "draft", str(CORPUS / "division.html"), "--out", str(out))
    assert said.code == 6
    assert "no agencies are known" in said.err
    beside = tmp_path / "city.agencies.toml"
    assert f"--agencies {beside}" in said.err
    again = duban("plan", "draft", str(CORPUS / "division.html"), "--agencies", str(beside))
    assert again.err.startswith("in no register, each a question: 各县（区）人民政府 (2)\n")


def test_a_plan_of_the_catalogue_lends_its_agencies_to_a_document_that_names_them(duban, tmp_path):
    names = "、".join(agency.name for agency in load_plan("guangdong-2013").agencies)
    path = tmp_path / "plan.txt"
    path.write_text(f"2014年工作方案\n2014年1月5日\n1.召开会议。（{names}）", encoding="utf-8")
    said = duban("plan", "draft", str(path))
    assert "the agencies are those of guangdong-2013" in said.err


def test_the_names_of_no_register_stand_in_the_draft_for_scripts(duban):
    made = json.loads(duban("plan", "draft", str(CORPUS / "three-years.txt"), "--json").out)
    assert made["unregistered"][0] == {"name": "市商务局", "times": 5, "line": 8}
