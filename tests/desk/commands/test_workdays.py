"""`duban workdays`: the tables in force, and the notice of a year taken in."""

from __future__ import annotations

NOTICE = "off 2027-01-01 2027-01-03\nwork 2027-01-09\nsource letter 1\n"


def test_a_notice_is_taken_in_without_a_new_version_of_the_program(duban, tmp_path):
    file = tmp_path / "2027.txt"
    file.write_text(NOTICE, encoding="utf-8")
    before = duban("workdays", "list", "--json").json

    dry = duban("workdays", "add", str(file), "--dry-run", "--json").json
    assert (dry["year"], dry["new"], dry["now_worked"]) == (2027, True, ["2027-01-09"])
    assert duban("workdays", "list", "--json").json == before

    assert duban("workdays", "add", str(file), "--as", "chen").out.startswith("CN 2027: recorded")
    after = duban("workdays", "list", "--json").json
    assert after["version"] != before["version"]
    assert (after["years"][0]["year"], after["years"][0]["recorded_here"]) == (2027, True)
    assert "as it was" in duban("workdays", "add", str(file)).out
    assert duban("history", "workdays/CN/2027", "--json").json[0]["actor"] == "chen"


def test_a_file_that_is_no_notice_is_refused(duban, tmp_path):
    file = tmp_path / "2027.txt"
    file.write_text("off soon\n", encoding="utf-8")
    assert duban("workdays", "add", str(file)).code == 4
    assert duban("workdays", "add", str(tmp_path / "none")).code == 3
    assert duban("workdays", "list", "--calendar", "XX").code == 3
