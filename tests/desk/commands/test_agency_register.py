"""`duban agency add` and `import`: agencies registered one by one, or by a list."""

from __future__ import annotations

from openpyxl import Workbook


def workbook(folder, *rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / "list.xlsx")
    return folder / "list.xlsx"


def agencies(duban):
    return {each["name"]: each for each in duban("agency", "list", "--json").json}


def test_an_agency_is_added_under_an_id_of_its_own(duban):
    said = duban("agency", "add", "市教育局", "--aliases", "教育局,市教委", "--json")

    assert (said.code, said.json["id"], said.json["kind"]) == (0, "a-1", "department")
    assert agencies(duban)["市教育局"]["aliases"] == ["教育局", "市教委"]
    assert duban("agency", "add", "教育局").code == 5
    assert "similar to 市教育局" in duban("agency", "add", "市教育廳", "--dry-run").err
    assert list(agencies(duban)) == ["市教育局"]


def test_a_list_is_taken_or_each_row_says_why_not(duban, tmp_path):
    file = workbook(tmp_path, ("單位", "姓名", "郵箱"), ("市教育局", "李明", "li@edu.invalid"))
    assert duban("agency", "import", str(file), "--dry-run").out == "2 new a-1 市教育局\n"
    assert agencies(duban) == {}

    assert duban("agency", "import", str(file), "--json").json[0]["effect"] == "new"
    assert agencies(duban)["市教育局"]["contacts"] == {"officer": {"mail": "li@edu.invalid"}}

    file = workbook(tmp_path, ("單位", "郵箱"), ("市財政局", "nobody"))
    said = duban("agency", "import", str(file))
    assert (said.code, "B2" in said.err) == (4, True)
    assert duban("agency", "import", str(tmp_path / "none.csv")).code == 3
