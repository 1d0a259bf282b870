"""The file of anchors survives a crash, and what it lacks is known."""

from __future__ import annotations

from datetime import date

import pytest

from ledger.proof import anchors
from ledger.proof.verify import Anchor

FIRST, SECOND, THIRD = (Anchor(date(2014, 1, n), n * 10, f"{n}" * 64) for n in (1, 2, 3))


@pytest.fixture
def home(tmp_path):
    anchors.append(tmp_path, FIRST)
    anchors.append(tmp_path, SECOND)
    return tmp_path


def cut(home, n):
    path = anchors.anchor_file(home)
    path.write_bytes(path.read_bytes()[:-n])


def test_the_newest_counts_the_most(home):
    anchors.append(home, FIRST)
    assert anchors.on_file(home).newest == SECOND


@pytest.mark.parametrize("n", [2, 40, 100])
def test_a_line_torn_by_a_crash_does_not_count_and_the_next_is_whole(home, n):
    cut(home, n)
    assert anchors.on_file(home)[:2] == ((FIRST,), ())
    anchors.append(home, THIRD)
    assert anchors.on_file(home)[:2] == ((FIRST, THIRD), ())


def test_a_whole_line_without_its_end_counts(home):
    cut(home, 1)
    assert anchors.anchors(home) == [FIRST, SECOND]
    anchors.append(home, THIRD)
    assert anchors.anchors(home) == [FIRST, SECOND, THIRD]


def test_bytes_of_a_power_cut_are_mended(home):
    with anchors.anchor_file(home).open("ab") as file:
        file.write(b"\0" * 120)
    assert anchors.anchors(home) == [FIRST, SECOND]
    anchors.append(home, THIRD)
    assert anchors.on_file(home)[:2] == ((FIRST, SECOND, THIRD), ())


def test_a_line_that_is_none_among_others_is_numbered(home):
    with anchors.anchor_file(home).open("ab") as file:
        file.write(b"nonsense\n")
    anchors.append(home, THIRD)
    assert anchors.on_file(home)[:2] == ((FIRST, SECOND, THIRD), (3,))


def test_replacing_keeps_what_it_takes_out(home):
    anchors.replace(home, [FIRST])
    assert anchors.anchors(home) == [FIRST]
    assert '"entries": 20' in anchors.set_aside_file(home).read_text(encoding="utf-8")


def test_a_pack_gets_the_whole_lines(home):
    whole = anchors.anchor_file(home).read_bytes()
    with anchors.anchor_file(home).open("ab") as file:
        file.write(b'{"on": "20')
    assert anchors.content(home) == whole
