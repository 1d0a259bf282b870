"""`duban plan draft` writes a plan's file with its open questions, and says how right it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from catalog.plan import load_plan

CORPUS = Path(__file__).parents[1] / "catalog" / "reading" / "corpus"
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
