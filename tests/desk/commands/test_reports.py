"""`duban report`, `duban circular` and `duban scorecard`: the shapes, the files, the refusals."""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

DRAFT = ("circular", "draft", "2013-12", "--as", "office/officer")
RELEASE = ("circular", "release", "2013-12", "--as", "office/officer")
REPORT = ("report", "circular", "--month", "2013-12")
SECTIONS = ["opening", "praise", "overdue", "behind", "targets", "problems", "asked"]


def body(file: Path) -> str:
    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as parts:
        return parts.read("word/document.xml").decode()


def spans(duban) -> list[str]:
    """Return the spans of the circulars that are kept."""
    return [kept["span"] for kept in duban("circular", "list", "--json").json]


@pytest.mark.usefixtures("demo_home")
def test_a_circular_that_nobody_drafted_is_counted_and_not_kept(duban):
    told = duban(*REPORT, "--json").json
    assert list(told["words"]) == SECTIONS
    assert (told["number"], told["data"]["on"]) == (None, "2013-12-31")
    assert "2013-12" not in spans(duban)


@pytest.mark.usefixtures("demo_home")
def test_a_draft_is_told_as_it_is_kept(duban):
    duban(*DRAFT)
    duban("circular", "word", "2013-12", "praise", "予以表揚。", "--as", "office/officer")
    assert duban(*REPORT, "--json").json["words"]["praise"] == "予以表揚。"
    assert duban(*REPORT, "--on", "2013-12-31", "--json").json["words"]["praise"] != "予以表揚。"


@pytest.mark.usefixtures("demo_home")
def test_a_release_gives_the_number_and_a_second_is_a_conflict(duban):
    duban(*DRAFT)
    assert duban(*RELEASE, "--json").json["number"] == "督辦通報〔2014〕2號"  # after 2013-Q4
    assert duban(*RELEASE).code == 5
    assert duban(*DRAFT).code == 5


@pytest.mark.usefixtures("demo_home")
def test_a_dry_run_keeps_nothing(duban):
    before = spans(duban)
    assert duban(*DRAFT, "--dry-run", "--json").json["dry_run"] is True
    assert spans(duban) == before


@pytest.mark.usefixtures("demo_home")
def test_what_is_released_can_be_verified_by_the_anchor_it_prints(duban):
    duban(*DRAFT)
    data = duban(*REPORT, "--json").json["data"]
    anchor = f"{data['entries']}:{data['head']}"
    assert duban("verify", "--anchor", anchor).code == 0
    assert duban("verify", "--anchor", f"{data['entries']}:{'0' * 64}").code == 6


@pytest.mark.usefixtures("demo_home")
@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (("report", "circular", "--month", "2013-13"), 2),
        (("report", "circular", "--month", "2013-Q4"), 2),
        (("report", "circular", "--quarter", "2013-12"), 2),
        (("report", "circular", "--month", "2013-12", "--quarter", "2013-Q4"), 2),
        (("report", "circular", "--month", "2014-02"), 5),
        (("report", "circular", "--month", "2013-12", "--on", "2014-02-01"), 5),
        (("report", "scorecard", "--year", "2011"), 3),
        (("report", "scorecard", "--agency", "nobody"), 3),
        (("circular", "draft", "2013-12", "--as", "wjmt/officer"), 5),
        (("circular", "release", "2013-12", "--as", "office/officer"), 3),
        (("scorecard", "announce", "2014", "--as", "office/officer"), 5),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(argv, code, duban):
    said = duban(*argv)
    assert (said.code, said.out, said.err.count("\n")) == (code, "", 1)


@pytest.mark.usefixtures("demo_home")
@pytest.mark.parametrize(
    "argv",
    [
        REPORT,
        ("report", "scorecard", "--year", "2013"),
        ("report", "scorecard", "--year", "2013", "--agency", "wjmt"),
        ("report", "evaluation", "--year", "2013"),
    ],
)
def test_each_paper_is_the_same_word_file_each_time(argv, duban, tmp_path):
    first, second = tmp_path / "1.docx", tmp_path / "2.docx"
    for file in (first, second):
        assert duban(*argv, "--out", str(file)).code == 0
    assert first.read_bytes() == second.read_bytes()
    assert "演示數據" in body(first)


@pytest.mark.usefixtures("demo_home")
def test_an_announced_card_is_objected_to_and_decided(duban):
    assert duban("scorecard", "announce", "2013", "--as", "office/officer").code == 0
    cards = duban("report", "scorecard", "--year", "2013", "--json").json
    scored = {card["agency"]: [x["points"] for x in card["data"]["lines"]] for card in cards}
    mixed = {a for a, points in scored.items() if len({p for p in points if p is not None}) > 1}
    before = next(card for card in cards if card["agency"] in mixed)
    lost = next(x["key"] for x in before["data"]["lines"] if (x["points"] or 100) < 100)
    agency = before["agency"]
    here, said = ("2013", agency), ("--text", "已辦結", "--as")
    assert duban("scorecard", "object", *here, lost, *said, f"{agency}/officer").code == 0
    assert duban("scorecard", "decide", *here, "1", "upheld", *said, "office/officer").code == 0
    (after,) = duban("report", "scorecard", "--year", "2013", "--agency", agency, "--json").json
    assert [o["outcome"] for o in after["objections"]] == ["upheld"]
    assert float(after["score"]) > float(before["score"])
    assert json.dumps(after["data"]) == json.dumps(before["data"])  # the frozen card itself stays
